#pragma once

#include "adapters/ledger.hpp"
#include "adapters/wire/csv.hpp"

namespace checkwatches::adapters::trac {

// A CSV answer of Trac, decoded.
struct table {
    wire::csv_table cells;
    std::size_t replaced = 0; // as decode_text() counts
};

// Reads a CSV answer, of a query or of one ticket. What is not a ticket table (a page, an empty body, no
// column "id" or "status") is an error, by explain() or of kind protocol_error.
result<table> read_table(reply const& from);

// Enters the rows of tickets that are still open in the book; a row without a status is unparsable. Nothing
// where that went well, or there was no row at all; an error where rows came and none was asked for: Trac ran
// its default query instead of ours.
std::optional<error> enter_rows(ledger& book, table const& in, reply const& from);

} // namespace checkwatches::adapters::trac
