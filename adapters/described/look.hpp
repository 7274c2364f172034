#pragma once

#include "adapters/described/description.hpp"
#include "adapters/ledger.hpp"

namespace checkwatches::adapters::described {

// Enters what the tracker tells of the book's open bugs: by batches where the description knows how, then one
// by one what those did not name.
awaitable<void> look(description const& as, remote& at, ledger& book);

// Finds out whether the tracker is as described, and who we are there.
awaitable<result<capabilities>> probe(description const& as, remote& at);

} // namespace checkwatches::adapters::described
