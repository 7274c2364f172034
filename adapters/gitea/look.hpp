#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::gitea {

// Rows of a page of the list where nothing else is known: Gitea's own limit.
inline constexpr std::size_t usual_page = 50;

// Looks at the open issues of the book: by pages of the list where one holds several of them, and singly.
awaitable<void> look(remote& at, capabilities const& can, ledger& book);

// Reads the open issues of the book that changed at `since` or later from the list of changes, and calls the
// others unmodified. Where that list is dearer than asking for each, or did not hold still while it was read,
// what is left stays open. False where trouble ended it.
awaitable<bool> read_changes(remote& at, capabilities const& can, ledger& book, utc_time since);

} // namespace checkwatches::adapters::gitea
