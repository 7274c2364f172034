#pragma once

#include "engine/core/clock.hpp"

#include <cstdint>

namespace checkwatches::feed {

// How long to wait after so many tries that failed in a row (from 1): doubling from `first` to `most`, and of
// that between a half and all, by `random01`, so that many do not come back at the same time.
clock::duration delay_after(std::int64_t tries, clock::duration first, clock::duration most, double random01);

} // namespace checkwatches::feed
