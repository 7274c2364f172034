#pragma once

#include "adapters/ledger.hpp"

namespace checkwatches::adapters::launchpad {

// From how many watched tasks on one target on a search pays: two searches (of which one without duplicates)
// against two requests for each task.
inline constexpr std::size_t fewest_for_search = 4;

// Looks at the open ids of the book: those of a target with enough of them by search, the others and those
// that the search missed one by one.
//
// A search tells status, importance and title. Which of its tasks belong to duplicates is told by the same
// search without duplicates; only for those the bug is asked for too. When a bug changed is therefore known
// only of those asked singly and of duplicates.
awaitable<void> look(remote& at, ledger& book);

} // namespace checkwatches::adapters::launchpad
