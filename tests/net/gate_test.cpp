#include "engine/net/gate.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

struct fixture {
    explicit fixture(budget_settings const& b, std::size_t connections = 1)
        : gate_{loop.get_executor(), b},
          connections_{loop.get_executor(), connections}
    {}

    // Passes as number `n`, holds the connection until `done` is called for it, and writes down what
    // happened.
    awaitable<void> pass(int n)
    {
        auto const permit = co_await gate_.pass(connections_);
        if (!permit) {
            log += "-" + std::to_string(n);
            deferral = permit.error();
            co_return;
        }
        log += "+" + std::to_string(n);
        waiter me{loop.get_executor()};
        co_await holding.wait(me);
    }

    void start(int n)
    {
        asio::co_spawn(loop, pass(n), [](std::exception_ptr) {});
    }

    // Runs what can run without time passing.
    void settle()
    {
        loop.restart();
        loop.poll();
    }

    asio::io_context loop{1};
    gate gate_;
    slots connections_;
    line holding;
    std::string log;
    error deferral{};
};

} // namespace

TEST_CASE("gate: connections are given in the order of coming")
{
    fixture f{budget_settings{}, 2};
    for (int n = 0; n != 6; ++n)
        f.start(n);
    f.settle();
    CHECK(f.log == "+0+1");
    f.holding.call_next();
    f.settle();
    CHECK(f.log == "+0+1+2");
    while (!f.holding.empty()) {
        f.holding.call_next();
        f.settle();
    }
    CHECK(f.log == "+0+1+2+3+4+5");
    CHECK(f.connections_.unused());
}

TEST_CASE("gate: who does not want to wait passes where one can, and nobody who waits is overtaken")
{
    fixture f{budget_settings{}, 1};
    {
        auto const first = f.gate_.try_pass(f.connections_);
        REQUIRE(first);
        CHECK(f.connections_.taken() == 1);
        CHECK_FALSE(f.gate_.try_pass(f.connections_)); // no connection is free
    }
    CHECK(f.connections_.unused());

    f.start(0);
    f.start(1);
    f.settle();
    f.holding.call_next();
    CHECK_FALSE(f.gate_.try_pass(f.connections_)); // the connection is number 1's
    f.settle();
    CHECK(f.log == "+0+1");
    f.holding.call_next();
    f.settle();

    f.gate_.block(steady_clock::now() + 10min);
    CHECK_FALSE(f.gate_.try_pass(f.connections_));
    CHECK(f.connections_.unused());
}

TEST_CASE("gate: what passed without waiting counts against the budget")
{
    budget_settings b;
    b.requests_per_second = 0.001;
    fixture f{b, 2};
    CHECK(f.gate_.try_pass(f.connections_));
    CHECK_FALSE(f.gate_.try_pass(f.connections_));
    CHECK(f.gate_.wait(steady_clock::now()) > 10min);
}

TEST_CASE("gate: a long block defers at once, also those who already wait")
{
    fixture f{{.longest_wait = 15s}};
    for (int n = 0; n != 3; ++n)
        f.start(n);
    f.settle();
    CHECK(f.log == "+0");
    f.gate_.block(steady_clock::now() + 60s);
    f.start(3);
    f.settle();
    CHECK(f.log == "+0-3");
    CHECK(f.deferral.kind == error_kind::deferred);
    REQUIRE(f.deferral.retry_after);
    CHECK(f.deferral.retry_after > 50s);
    CHECK(f.deferral.retry_after <= 60s);
    f.holding.call_all();
    f.settle();
    CHECK(f.log == "+0-3-1-2");
    CHECK(f.connections_.unused());
}

TEST_CASE("gate: who waits for a short block is woken when it becomes a long one")
{
    fixture f{{.longest_wait = 15s}};
    f.gate_.block(steady_clock::now() + 10s);
    f.start(0);
    f.start(1);
    f.settle();
    CHECK(f.log.empty());
    f.gate_.block(steady_clock::now() + 60s);
    f.settle();
    CHECK(f.log == "-0-1");
}

TEST_CASE("gate: after a short block the order is kept")
{
    fixture f{{.longest_wait = 15s}, 9};
    auto const end = steady_clock::now() + 20ms;
    f.gate_.block(end);
    for (int n = 0; n != 4; ++n)
        f.start(n);
    f.settle();
    CHECK((f.log.empty() || steady_clock::now() >= end)); // however long this thread was held up
    test::run(f.loop, test::until([&] { return f.log.size() == 8; }));
    CHECK(f.log == "+0+1+2+3");
}

TEST_CASE("gate: a rate spaces requests, and who stands too far back is deferred")
{
    fixture f{{.requests_per_second = 0.1, .longest_wait = 15s}, 9};
    for (int n = 0; n != 4; ++n)
        f.start(n);
    f.settle();
    // The second waits 10 s; the third would wait 20.
    CHECK(f.log == "+0-2-3");

    fixture fast{{.requests_per_second = 50}, 9};
    auto const begin = steady_clock::now();
    for (int n = 0; n != 4; ++n)
        fast.start(n);
    test::run(fast.loop, test::until([&] { return fast.log.size() == 8; }));
    CHECK(fast.log == "+0+1+2+3");
    CHECK(steady_clock::now() - begin >= 60ms);
}

TEST_CASE("gate: a raised limit lets the waiting in")
{
    fixture f{budget_settings{}, 1};
    for (int n = 0; n != 3; ++n)
        f.start(n);
    f.settle();
    f.connections_.set_limit(3);
    f.settle();
    CHECK(f.log == "+0+1+2");
}

TEST_CASE("gate: a cancelled waiter leaves its place to the next")
{
    fixture f{budget_settings{}};
    asio::cancellation_signal stop;
    f.start(0);
    asio::co_spawn(f.loop, f.pass(1), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    f.start(2);
    f.settle();
    CHECK(f.log == "+0");

    SECTION("while it waits")
    {
        stop.emit(asio::cancellation_type::terminal);
        f.settle();
        f.holding.call_next();
    }
    SECTION("when it has just been given the connection")
    {
        f.holding.call_next();
        while (f.connections_.taken() == 1 && !f.holding.empty())
            f.loop.poll_one();
        stop.emit(asio::cancellation_type::terminal);
    }
    f.settle();
    f.settle();
    CHECK(f.log.ends_with("+2"));
    f.holding.call_all();
    f.settle();
    CHECK(f.connections_.unused());
    CHECK(f.gate_.idle(steady_clock::now()));
}
