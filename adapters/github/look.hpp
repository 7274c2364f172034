#pragma once

#include "adapters/github/place.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::github {

// Looks at the open ids of the book.
//
// By GraphQL a hundred at a time, and what that leaves open singly; a single id at once singly: its 304 costs
// nothing. Anonymously (60 requests an hour) singly too, but by the project's whole list where its pages up
// to the greatest number are far fewer than the ids.
//
// Singly: 301 is a move to another project (moved, with the new address), or, where the project itself
// answers so too, only the project's new name. 404 is a missing or a private one; before many are called so
// the project is asked for.
awaitable<void> look(remote& at, place where, capabilities const& can, ledger& book);

// Calls those open ids unmodified that the project's list of what changed since then does not bring, and
// enters those that it brings. What it cannot settle stays open. False where trouble ended it.
awaitable<bool>
pass_over_unchanged(remote& at, place where, capabilities const& can, ledger& book, utc_time since);

// What look() asks conditionally for these ids.
std::vector<question>
questions(place const& where, capabilities const& can, std::span<std::string const> ids);

} // namespace checkwatches::adapters::github
