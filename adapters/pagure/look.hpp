#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::pagure {

// Rows of a page at most; more is refused.
inline constexpr std::size_t largest_page = 100;

// Looks at the open issues of the book: by the whole list where that is much cheaper than each alone, and
// singly.
awaitable<void> look(remote& at, ledger& book);

// Reads the open issues of the book that changed at `since` or later from the list of changes, and calls the
// others unmodified. Where that list is dearer than asking for each they stay open. False where trouble ended
// it.
awaitable<bool> read_changes(remote& at, ledger& book, utc_time since);

} // namespace checkwatches::adapters::pagure
