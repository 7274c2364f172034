#pragma once

#include "adapters/ledger.hpp"
#include "adapters/roundup/fields.hpp"
#include "adapters/wire/json.hpp"

namespace checkwatches::adapters::roundup {

struct rest_answer {
    wire::json_document document;
    wire::json_object data{}; // what "data" holds
    std::size_t replaced = 0;
};

// Reads {"data":{…}}. Otherwise an error by explain(), with the tracker's words from {"error":{"msg":…}}.
result<rest_answer> read_rest(reply const& answer);

// Looks at the open issues of the book: together by a search, which leaves out what is missing, hidden or
// retired, and that one by one. False where trouble ended it.
awaitable<bool> look_by_rest(remote& at, way const& by, std::string const& login, ledger& book);

// Reads the open issues of the book that changed at or after `since`; the others are unmodified. Where the
// answer is not to that question, they stay open. False where trouble ended it.
awaitable<bool>
read_changes(remote& at, way const& by, std::string const& login, ledger& book, utc_time since);

// The search for these issues; `since`: those that changed then or later.
request search_request(
    remote const& at,
    way const& by,
    std::string_view login,
    std::span<std::string const> ids,
    std::optional<utc_time> since);

} // namespace checkwatches::adapters::roundup
