#pragma once

#include "adapters/ledger.hpp"
#include "adapters/roundup/fields.hpp"
#include "adapters/wire/csv.hpp"

namespace checkwatches::adapters::roundup {

// The export of these issues with these columns. All parameters are what old servers want.
request export_request(
    remote const& at,
    std::vector<std::string> const& columns,
    std::string_view login,
    std::span<std::string const> ids);

struct export_table {
    wire::csv_table cells;
    std::size_t replaced = 0;
};

// Reads an export. What is none (a page, no column "id") is an error, by explain() or of kind protocol_error.
result<export_table> read_export(reply const& answer);

// Looks at the open issues of the book by an export, which leaves out what is missing, hidden or retired;
// that is asked for by its page, whose status tells. Where an old server gives numbers for names, the names
// are read. False where trouble ended it.
awaitable<bool> look_by_export(remote& at, way const& by, std::string const& login, ledger& book);

} // namespace checkwatches::adapters::roundup
