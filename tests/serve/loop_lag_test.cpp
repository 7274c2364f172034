#include "engine/serve/metrics/loop_lag.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <catch2/catch.hpp>

#include <deque>

using namespace checkwatches;
using namespace std::chrono_literals;

namespace {

// Each sleep lasts as long as told here; after the last one it is over.
class uneven_clock final : public clock {
public:
    explicit uneven_clock(std::deque<duration> sleeps) : sleeps_{std::move(sleeps)} {}

    utc_time now() const override { return utc_time{up_}; }
    duration up() const override { return up_; }
    awaitable<void> sleep(duration) const override
    {
        if (sleeps_.empty())
            throw boost::system::system_error{asio::error::operation_aborted};
        up_ += sleeps_.front();
        sleeps_.pop_front();
        co_return;
    }

private:
    mutable duration up_{};
    mutable std::deque<duration> sleeps_;
};

} // namespace

TEST_CASE("the loop's lag is by how much a sleep was too long, unless the machine slept too")
{
    uneven_clock const time{{100ms, 103ms, 99ms, 600ms, 3h, 60'100ms}};
    std::vector<std::chrono::nanoseconds> told;
    auto run = [&]() -> awaitable<bool> {
        co_await serve::measure_loop_lag(time, [&](std::chrono::nanoseconds late) { told.push_back(late); });
        co_return true;
    };
    CHECK_THROWS_AS(test::run(run()), boost::system::system_error);
    CHECK(told == std::vector<std::chrono::nanoseconds>{0ms, 3ms, 0ms, 500ms, 60s});
}
