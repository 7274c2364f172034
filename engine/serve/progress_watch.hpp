#pragma once

#include "engine/core/clock.hpp"

#include <array>
#include <cstddef>

namespace checkwatches::serve {

// When each part of the engine last got somewhere, or had nothing to do.
struct movement {
    utc_time scheduler{};
    utc_time writer{};
    utc_time network{};
};

// Tells whether the engine gets somewhere, all its parts, rather than whether its process is alive. It counts
// by uptime and looks only for a time that is another than before, so that a step of the clock is no progress
// that fails to come. Pure.
class progress_watch {
public:
    // A part that has not moved for `within` stands still.
    explicit progress_watch(clock::duration within) : within_{within} {}

    // To be called every now and then, more often than `within`. The first look takes every part as moving.
    bool all_move(movement const& seen, clock::duration up);

private:
    struct part {
        utc_time seen{};
        clock::duration since{};
    };

    clock::duration within_;
    std::array<part, 3> parts_{};
    bool looked_ = false;
};

} // namespace checkwatches::serve
