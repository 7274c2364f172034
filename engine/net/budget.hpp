#pragma once

#include "engine/net/settings.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace checkwatches::net {

// When one credential may ask one host again: by our own requests per second, by what the host wants of us,
// and by what it says is left of its limit. Arithmetic over given times: it neither waits nor looks at a
// clock.
//
// An answer that says that nothing had changed (304) takes nothing from the host's limit. It takes its place
// in our own requests per second all the same: these spare the host work, and it was asked.
class budget {
public:
    using time = std::chrono::steady_clock::time_point;

    explicit budget(budget_settings const& limits) : limits_{limits} {}

    void set_limits(budget_settings const& limits) { limits_ = limits; }

    // The earliest time for one more request when `ahead` others go first.
    time opens(time now, std::size_t ahead = 0) const;

    // How long to stay away, rounded up, where the wait would be longer than the longest one allowed.
    std::optional<std::chrono::seconds> deferral(time now, std::size_t ahead = 0) const;

    // A request goes out: one less is left of the limit that was announced.
    void sent(time now);

    // The answer to a request that went out was free.
    void give_back(time now);

    // The host says what is left of its limit until `reset`. The last word counts.
    void announce(std::size_t left, time reset) { quota_ = quota{.left = left, .until = reset}; }

    // The host wants nothing before `until`. An earlier announcement is never shortened.
    void block(time until);

private:
    struct quota {
        std::size_t left{};
        time until{};
    };

    std::chrono::steady_clock::duration interval() const;

    budget_settings limits_;
    time blocked_until_{};
    std::optional<time> last_{};
    std::optional<quota> quota_{}; // as announced, less what went out since
};

} // namespace checkwatches::net
