#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::phorge {

// How many tasks one search answers with; more is refused.
inline constexpr std::size_t most_tasks = 100;

// Looks at the open tasks of the book by maniphest.search. What it passes over stays open; with `since` it
// passes over what changed earlier, which is unmodified where nothing else came. False where trouble ended
// it.
awaitable<bool> look_by_search(remote& at, ledger& book, std::optional<utc_time> since = std::nullopt);

// Asks for the pages of the tasks that are still open in the book, as an anonymous visitor: Conduit passes
// over what is missing and what may not be seen in the same silence, and only the page tells them apart. At
// most 60 a look; what is beyond stays due.
awaitable<void> ask_for_pages(remote& at, ledger& book);

} // namespace checkwatches::adapters::phorge
