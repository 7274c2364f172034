#pragma once

#include "engine/core/clock.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cstddef>
#include <list>
#include <optional>

namespace checkwatches::test {

// A clock that stands still until the test moves it. Who sleeps is woken by advance(), in the order of their
// times; what they then do is done when the loop runs next.
class manual_clock final : public clock {
public:
    explicit manual_clock(utc_time start = utc_time{std::chrono::days{20'000}}) : now_{start} {}

    utc_time now() const override { return now_; }
    duration up() const override { return up_; }

    awaitable<void> sleep(duration span) const override
    {
        if (span <= duration::zero())
            co_return;
        auto const executor = co_await asio::this_coro::executor;
        sleepers_.emplace_back(executor, up_ + span);
        leaver const me{.clock = *this, .at = std::prev(sleepers_.end())};
        auto const [ec] = co_await me.at->bell.async_wait(use_tuple);
        if (!me.at->woken)
            throw boost::system::system_error{ec};
    }

    // Time goes by, for both clocks.
    void advance(duration span)
    {
        up_ += span;
        now_ += span;
        for (auto& one : sleepers_)
            if (!one.woken && one.until <= up_) {
                one.woken = true;
                one.bell.cancel();
            }
    }
    // The wall clock is set, forward or back.
    void step(duration by) { now_ += by; }

    // The machine sleeps for so long: both clocks go on, and who sleeps does not notice, as with
    // CLOCK_MONOTONIC.
    void suspend(duration span)
    {
        up_ += span;
        now_ += span;
        for (auto& one : sleepers_)
            one.until += span;
    }

    // How many sleep, and for how long the next of them.
    std::size_t sleepers() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(sleepers_, [](auto const& one) { return !one.woken; }));
    }
    std::optional<duration> next() const
    {
        std::optional<duration> least;
        for (auto const& one : sleepers_)
            if (!one.woken)
                least = std::min(least.value_or(duration::max()), one.until - up_);
        return least;
    }

private:
    struct sleeper {
        sleeper(asio::any_io_executor const& executor, duration at)
            : bell{executor, asio::steady_timer::time_point::max()},
              until{at}
        {}
        asio::steady_timer bell;
        duration until;
        bool woken = false;
    };
    // Takes the sleeper out, however its coroutine ends.
    struct leaver {
        manual_clock const& clock;
        std::list<sleeper>::iterator at;
        ~leaver() { clock.sleepers_.erase(at); }
    };

    utc_time now_;
    duration up_{std::chrono::hours{1}};
    mutable std::list<sleeper> sleepers_;
};

} // namespace checkwatches::test
