#pragma once

#include "tests/support/manual_clock.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <utility>

namespace checkwatches::test {

// Lets a loop live through months in seconds: time stands still while anything can happen, and jumps to the
// next sleeper when nothing can.
//
// "Nothing can happen" is exact, not guessed from silence. What a loop waits for is either time, and then it
// sleeps on the clock, or somebody else: another thread or a socket. For those `is_busy` answers, and it must
// be true from before a request is given away until its answer is in the loop's queue
// (writer_health::pending, background_reader::pending() and counting_client keep to that). So when it is
// false, one more poll runs all that is left; when that poll runs nothing, only time can move the loop.
// Requests take real time, in which no virtual time goes by: to the engine every answer is immediate.
class simulation {
public:
    simulation(asio::io_context& loop, manual_clock& time, std::function<bool()> is_busy)
        : loop_{loop},
          time_{time},
          is_busy_{std::move(is_busy)}
    {}

    // Runs until nothing can happen before time goes by. Throws where the loop is busy for a minute without
    // running anything.
    void settle()
    {
        auto moved = std::chrono::steady_clock::now();
        for (;;) {
            loop_.restart();
            bool const busy = is_busy_();
            auto const ran = busy ? loop_.run_one_for(std::chrono::milliseconds{1}) : loop_.poll();
            if (ran != 0)
                moved = std::chrono::steady_clock::now();
            else if (!busy)
                return;
            else if (std::chrono::steady_clock::now() - moved > std::chrono::minutes{1})
                throw std::runtime_error("what the loop waits for does not come");
        }
    }

    // Lets `span` go by, from sleeper to sleeper. `each` is called after each of these moments.
    void run_for(clock::duration span, std::function<void()> const& each = [] {})
    {
        auto const end = time_.up() + span;
        settle();
        while (time_.up() < end) {
            auto const rest = end - time_.up();
            time_.advance(std::clamp(time_.next().value_or(rest), clock::duration::zero(), rest));
            settle();
            each();
        }
    }

private:
    asio::io_context& loop_;
    manual_clock& time_;
    std::function<bool()> is_busy_;
};

} // namespace checkwatches::test
