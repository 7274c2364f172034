#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::jira {

// How many requests for many issues one look may spend to find out which keys spoil a query.
inline constexpr std::size_t most_queries = 40;
// How many issues one look may ask for one by one. Those beyond it stay due (an error of kind deferred), so
// that none ends in an outcome that nobody found out.
inline constexpr std::size_t most_singles = 60;

// How asking for many ended.
enum class ending {
    asked,   // what is open now was left out, or must be asked for in another way
    removed, // this server has no such search any more
    trouble,
};

// Looks at the open keys of the book in the way of `protocol`. One key that does not exist, or is not for us,
// fails a whole query with 400: the keys that the refusal names are left out and the rest is asked again;
// where it names none, each half is. With `since` only what changed then or later is read, and what an answer
// covers without bringing it is unmodified; an answer with an issue that was not asked for covers nothing,
// since a moved issue comes under its new key.
awaitable<ending> look_by_query(
    remote& at,
    std::string_view protocol,
    std::string_view login,
    ledger& book,
    std::optional<utc_time> since = std::nullopt);

// Looks at the open keys of the book one by one, where an issue that was moved answers under its new key.
// `alone`: nothing has shown yet that this tracker gives issues.
awaitable<void> look_singly(remote& at, std::string_view login, ledger& book, bool alone);

// The query that names these keys, as JQL; those that changed at or after `since` where that is given. The
// time is in milliseconds since 1970: any other way to write one is in the zone of whoever asks.
std::string jql_for(std::span<std::string const> keys, std::optional<utc_time> since);

} // namespace checkwatches::adapters::jira
