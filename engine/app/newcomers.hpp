#pragma once

#include "engine/app/network.hpp"
#include "engine/intake/prove.hpp"

namespace checkwatches::app {

// Asks the newcomers what they are, on a loop of its own until all have answered; without `probe` they are
// taken for what they look like. An error of kind configuration where there can be no client.
result<void> settle_newcomers(config const& conf, intake::newcomers& all, bool probe);

} // namespace checkwatches::app
