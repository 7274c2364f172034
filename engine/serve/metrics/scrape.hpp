#pragma once

#include "engine/serve/metrics/meter_snapshot.hpp"
#include "engine/serve/metrics/meters.hpp"

#include <string>

namespace checkwatches::serve {

// All that /metrics says, in the OpenMetrics text format: what was counted, and how things stand. What is not
// known (the last commit before the first, the census before the first count) is left out.
std::string scrape(meters& counted, meter_snapshot const& now);

} // namespace checkwatches::serve
