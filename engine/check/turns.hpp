#pragma once

#include "engine/check/desk.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace checkwatches::check {

// Which tracker is asked next. Trackers sleep until they have something due, then wait for their turn;
// hosts take turns with each other, and trackers that share a host take turns there.
class turns {
public:
    struct limits {
        std::size_t most = 1000;      // trackers at a time
        std::size_t most_of_host = 4; // … that share a host
    };

    // A tracker that is neither asked nor waits is to be woken at this time; replaces its time before.
    void sleep(desk& d, utc_time until);
    // Everyone whose time has come waits for a turn now.
    void wake(utc_time now);
    // When the next one is to be woken; nothing where none sleeps.
    std::optional<utc_time> next_wake();

    // It waits for its turn now, whatever its time. Does nothing where it is asked or waits already.
    void enqueue(desk& d);
    // Whose turn it is, within the limits; null where nobody may start. It counts as active from now on.
    desk* next(limits const& within);
    // It is no longer being asked.
    void ended(desk& d);

    std::size_t active() const noexcept { return active_; }
    std::size_t waiting() const noexcept { return waiting_; }

private:
    using sleeper = std::pair<utc_time, desk*>;

    std::priority_queue<sleeper, std::vector<sleeper>, std::greater<>> asleep_; // stale entries included
    std::deque<host_desk*> hosts_; // with somebody waiting, in the order of their turns
    std::size_t active_ = 0;
    std::size_t waiting_ = 0;
};

} // namespace checkwatches::check
