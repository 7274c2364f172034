#pragma once

#include "engine/net/settings.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace checkwatches::net {

// When one credential may ask one host again. Arithmetic over given times: it neither waits nor looks at a
// clock.
class budget {
public:
    using time = std::chrono::steady_clock::time_point;

    explicit budget(budget_settings const& limits) : limits_{limits} {}

    void set_limits(budget_settings const& limits) { limits_ = limits; }

    // The earliest time for one more request when `ahead` others go first.
    time opens(time now, std::size_t ahead = 0) const;

    // How long to stay away, rounded up, where the wait would be longer than the longest one allowed.
    std::optional<std::chrono::seconds> deferral(time now, std::size_t ahead = 0) const;

    // A request goes out.
    void sent(time now) { last_ = now; }

    // The host wants nothing before `until`. An earlier announcement is never shortened.
    void block(time until);

private:
    std::chrono::steady_clock::duration interval() const;

    budget_settings limits_;
    time blocked_until_{};
    std::optional<time> last_{};
};

} // namespace checkwatches::net
