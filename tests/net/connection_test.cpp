#include "engine/net/connection.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#if !defined(__has_feature)
#define __has_feature(feature) false
#endif

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;

TEST_CASE("connection: one that was left alone is sound only while it is open and silent")
{
    enum class then { waits, ends, talks };
    auto const what = GENERATE(then::waits, then::ends, then::talks);
    asio::io_context loop{1};
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     if (what == then::talks)
                                         co_await p.say("HTTP/1.1 408 Request Timeout\r\n\r\n");
                                     if (what == then::ends)
                                         p.close();
                                     co_await p.gone();
                                 }};
    watchdog dog{loop.get_executor()};
    client_counters counters;
    connection c{loop.get_executor(), dog, counters};
    auto scenario = [&]() -> awaitable<bool> {
        asio::ip::tcp::endpoint const to{asio::ip::address_v4::loopback(), server.port()};
        auto const connected = co_await c.connect(to, 30s);
        REQUIRE(connected);
        if (what != then::waits) {
            c.limit().start(phase::data, 30s);
            auto const [ec] = co_await c.until_ready(step::want_read);
            REQUIRE(c.woken(ec));
        }
        CHECK(c.quiet() == (what == then::waits));
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(counters.connections == 1);
}

TEST_CASE("deadline: it rings once, unless it is stopped or gone; an overall end bounds it")
{
    asio::io_context loop{1};
    watchdog dog{loop.get_executor()};
    int rung = 0;
    deadline early{dog, [&] { ++rung; }};
    deadline stopped{dog, [&] { rung += 100; }};
    deadline bounded{dog, [&] { ++rung; }};
    bounded.overall(std::chrono::steady_clock::now() + 30ms, 7s);
    bounded.start(phase::connect, 1h);
    stopped.start(phase::data, 10ms);
    stopped.stop();
    early.start(phase::handshake, 20ms);
    {
        deadline gone{dog, [&] { rung += 100; }};
        gone.start(phase::data, 10ms);
    }
    CHECK(test::run(loop, test::until([&] { return rung == 2; })));
    CHECK(early.expired());
    CHECK(early.reason().message == "no TLS handshake within 0.02 s");
    CHECK(bounded.reason().message == "the request took longer than 7 s in total");
    CHECK_FALSE(stopped.expired());

    early.start(phase::data, 1h);
    CHECK_FALSE(early.expired());
}

// The sanitizers' own checks need descriptors.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
TEST_CASE("connection: that we have no descriptor left is our lack, and nothing that the other side did")
{
    asio::io_context loop{1};
    watchdog dog{loop.get_executor()};
    client_counters counters;
    connection c{loop.get_executor(), dog, counters};
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 0;
    auto scenario = [&]() -> awaitable<result<void>> {
        asio::ip::tcp::endpoint const to{asio::ip::address_v4::loopback(), 9};
        co_return co_await c.connect(to, 30s);
    };
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    auto const connected = test::run(loop, scenario());
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    REQUIRE(!connected);
    CHECK(connected.error().kind == error_kind::deferred);
    CHECK(connected.error().message == "this process has too many files open");
    CHECK(counters.connections == 0);
}
#endif
