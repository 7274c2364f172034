#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::allura {

// Tickets of one search, far below what a line of a request and Solr's clauses take.
inline constexpr std::size_t largest_search = 100;

// Looks at the open tickets of the book by search, and at what it leaves out singly.
awaitable<void> look(remote& at, ledger& book);

// Reads the open tickets of the book that changed at `since` or later by search; the others are unmodified.
// Where the answer is not to that question, or not all of it, they stay open. False where trouble ended it.
awaitable<bool> read_changes(remote& at, ledger& book, utc_time since);

} // namespace checkwatches::adapters::allura
