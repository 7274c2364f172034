#pragma once

#include "engine/core/clock.hpp"

namespace checkwatches::check {

// The time that appointments are kept by: UTC as it was when the engine started, carried on by uptime. Where
// somebody sets the clock, nothing falls due early or late because of it; what is recorded stays UTC.
class timeline {
public:
    explicit timeline(clock const& time) : time_{time}, zero_{time.now() - time.up()} {}

    utc_time now() const { return zero_ + time_.up(); }
    // When something falls due that UTC, as it is set now, puts at `t`.
    utc_time of(utc_time t) const { return t - step(); }
    // How far UTC has been set forward (back: negative) since the start. A suspended machine is no step:
    // uptime goes on.
    clock::duration step() const { return time_.now() - now(); }

private:
    clock const& time_;
    utc_time zero_;
};

} // namespace checkwatches::check
