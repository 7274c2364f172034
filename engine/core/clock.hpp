#pragma once

#include "engine/core/async.hpp"
#include "engine/core/time.hpp"

#include <chrono>

namespace checkwatches {

// Where the engine has its time from; tests put one of their own in its place.
//
// Records are UTC, which people and NTP may set forward and back. Waits are measured by uptime, which only
// grows, and grows while the machine is suspended too.
class clock {
public:
    using duration = std::chrono::milliseconds;

    virtual ~clock() = default;

    virtual utc_time now() const = 0;
    // Since an unknown moment before the program started.
    virtual duration up() const = 0;

    // Returns when so much time has gone by; at once where it is not positive. While the machine is suspended
    // the wait may stand still, so that a long one is best cut into pieces. Throws operation_aborted when
    // cancelled.
    virtual awaitable<void> sleep(duration span) const = 0;
};

// The machine's: CLOCK_REALTIME, CLOCK_BOOTTIME, and timers of the caller's executor.
class machine_clock final : public clock {
public:
    utc_time now() const override;
    duration up() const override;
    awaitable<void> sleep(duration span) const override;
};

} // namespace checkwatches
