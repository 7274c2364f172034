#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::redmine {

// From how many ids on a list is not asked for conditionally: a larger set of ids hardly comes again.
inline constexpr std::size_t most_conditional = 50;

// How many requests one look may spend on issues one by one. The issues beyond it stay due (an error of kind
// deferred), so that none ends in an outcome that nobody found out.
inline constexpr std::size_t most_singles = 60;

// The ids among these that may stand in a list.
std::vector<std::string> fit_for_list(std::vector<std::string> ids);

// The conditional request for the list of these ids, and for one issue.
request whole_list_request(remote const& at, std::string_view login, std::vector<std::string> const& ids);
request issue_request(remote const& at, std::string_view login, std::string_view id);

// Looks at the open ids of the book by list; what the list leaves out (missing, hidden) stays open. False
// where trouble ended it.
awaitable<bool> look_by_list(remote& at, std::string_view login, ledger& book);

// Reads the open ids of the book that changed at or after `since`; the others are unmodified. Where the
// answer is not one to that question, or takes more than one part, they stay open. False where trouble ended
// it.
awaitable<bool> read_changes(remote& at, std::string_view login, ledger& book, utc_time since);

// Looks at the open ids of the book one by one, where Redmine tells a missing issue (404) from a hidden one
// (403, or 401 without a login). `alone`: nothing has shown yet that this tracker gives issues.
awaitable<void> look_singly(remote& at, std::string_view login, ledger& book, bool alone);

} // namespace checkwatches::adapters::redmine
