#include "engine/net/alarm.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace std::chrono_literals;

// Each would sleep for an hour, and the loop with it, where the ring was not heard.
TEST_CASE("an alarm wakes who waits, whenever it rings")
{
    asio::io_context loop{1};
    machine_clock const time;
    net::alarm bell{time};
    int woken = 0;
    auto const sleeper = [&]() -> awaitable<void> {
        co_await bell.wait(1h);
        ++woken;
    };
    auto const falls_asleep = [&]() -> awaitable<void> {
        asio::post(loop, [&] { bell.ring(); }); // runs before what the wait starts
        co_await bell.wait(1h);
        ++woken;
    };
    SECTION("before")
    {
        bell.ring();
        asio::co_spawn(loop, sleeper(), asio::detached);
    }
    SECTION("while the sleeper lies down")
    {
        asio::co_spawn(loop, falls_asleep(), asio::detached);
    }
    SECTION("later")
    {
        asio::co_spawn(loop, sleeper(), asio::detached);
        loop.poll();
        CHECK(woken == 0);
        bell.ring();
    }
    loop.run_for(10s);
    CHECK(woken == 1);
}
