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
//
// Single entries are asked conditionally. Task and bug make one sighting: it is unmodified where both are,
// and where only one is, that one is asked for again.
awaitable<void> look(remote& at, ledger& book);

// The entries that look() asks conditionally for these ids when it asks for each.
std::vector<question> questions(remote const& at, std::span<std::string const> ids);

// Calls those open ids of the book unmodified that a search of their target for bugs that changed later than
// `since` does not bring, one search for each target. What changed, and what no search can be had for, stays
// open. False where trouble ended it.
awaitable<bool> pass_over_unchanged(remote& at, ledger& book, utc_time since);

} // namespace checkwatches::adapters::launchpad
