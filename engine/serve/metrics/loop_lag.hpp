#pragma once

#include "engine/core/clock.hpp"

#include <chrono>
#include <functional>

namespace checkwatches::serve {

// Sleeps for `every` again and again, until cancelled, and tells how much too late it was woken each time:
// how long the loop was kept from what is due, in whole milliseconds. What is more than a minute is a machine
// that was suspended, and not told. `time` outlives it.
awaitable<void> measure_loop_lag(
    clock const& time,
    std::function<void(std::chrono::nanoseconds)> told,
    std::chrono::milliseconds every = std::chrono::milliseconds{100});

} // namespace checkwatches::serve
