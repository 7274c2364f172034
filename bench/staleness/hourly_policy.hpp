#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

// Who wants to be fresh at any price: all bugs every hour, in the batches that we ask in. A tracker that
// fails costs one request an hour.
tally simulate_hourly(site const& at, world const& in);

} // namespace checkwatches::staleness
