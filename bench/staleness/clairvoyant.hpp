#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

// The bound that nothing can pass: who knows the future asks only when something has just changed, and lets a
// change wait for the next one where that saves a request worth `price` (in seconds of age). Exact, by
// dynamic programming over the changes of a tracker; of a bug, where each takes a request of its own. A
// request takes any number of bugs. Price 0: one request for each moment of change, and no age but that of
// outages.
tally foresee(site const& at, double price, world const& in);

} // namespace checkwatches::staleness
