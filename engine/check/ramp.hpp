#pragma once

#include "engine/core/clock.hpp"

#include <cstddef>
#include <limits>
#include <optional>

namespace checkwatches::check {

// How work comes back after all of it stood still: a few trackers at a time first, twice as many after each
// step, until there is no limit. Arithmetic over given uptimes.
class ramp {
public:
    static constexpr std::size_t first = 4;
    static constexpr clock::duration step = std::chrono::seconds{10};
    static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

    // Begins, or begins anew.
    void start(clock::duration up) noexcept { began_ = up; }

    // How many trackers may be under way at a time.
    std::size_t allowance(clock::duration up) const noexcept
    {
        constexpr clock::duration::rep steps = 12; // 4 << 12 are more than anybody asks at a time
        auto const done = began_ ? (up - *began_) / step : steps;
        return done >= steps ? unlimited : first << done;
    }

    // How long until that grows; nothing where there is no limit.
    std::optional<clock::duration> next(clock::duration up) const noexcept
    {
        if (allowance(up) == unlimited)
            return std::nullopt;
        return step - (up - *began_) % step;
    }

private:
    std::optional<clock::duration> began_;
};

} // namespace checkwatches::check
