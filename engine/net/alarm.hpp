#pragma once

#include "engine/core/clock.hpp"
#include "engine/net/line.hpp"

namespace checkwatches::net {

// Wakes one coroutine that sleeps: when its time is up, or when it is rung for.
class alarm {
public:
    explicit alarm(clock const& time) : time_{time} {}

    // Returns after `span`, or at once where ring() was called since the last wait, or when it is.
    awaitable<void> wait(clock::duration span);
    void ring();

private:
    awaitable<void> wait_for_ring();

    clock const& time_;
    line sleeper_;
    bool rung_ = false;
};

} // namespace checkwatches::net
