#include "engine/check/breaker.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

namespace {

utc_time const start = utc_time{std::chrono::days{20'000}};
breaker_settings const plain{.jitter = 0};

breaker_failure failure(utc_time now, outcome how = outcome::timeout)
{
    return {.how = how, .detail = "so it is", .now = now};
}

breaker_failure announced(utc_time now, std::chrono::seconds wait, outcome how = outcome::maintenance)
{
    return {.how = how, .retry_after = wait, .now = now};
}

// One that three failures opened at `start`, until 15 minutes later.
breaker opened()
{
    breaker b;
    for (int i = 0; i != 3; ++i)
        b.failed(plain, failure(start));
    return b;
}

} // namespace

TEST_CASE("breaker: opens after some failures in a row")
{
    breaker b;
    CHECK(b.may_try(start) == leave::yes);
    b.failed(plain, failure(start));
    b.failed(plain, failure(start));
    CHECK(b.may_try(start) == leave::yes);
    CHECK(b.is_closed());
    CHECK_FALSE(b.record("tracker 1"));
    b.failed(plain, failure(start));
    CHECK(b.may_try(start) == leave::no);
    CHECK(b.open_until() == start + 15min);

    breaker other;
    other.failed(plain, failure(start));
    other.failed(plain, failure(start));
    other.succeeded();
    other.failed(plain, failure(start));
    other.failed(plain, failure(start));
    CHECK(other.is_closed());

    breaker touchy;
    touchy.failed({.after = 1, .jitter = 0}, failure(start));
    CHECK(touchy.open_until() == start + 15min);
}

TEST_CASE("breaker: one probe goes when the time has come")
{
    auto b = opened();
    CHECK(b.may_try(start + 15min - 1ms) == leave::no);
    CHECK(b.may_try(start + 15min) == leave::probe);
    CHECK(b.may_try(start + 15min) == leave::no);
    CHECK(b.may_try(start + 24h) == leave::no);

    auto well = b;
    well.succeeded();
    CHECK(well.may_try(start + 15min) == leave::yes);
    CHECK(well.is_closed());

    auto ill = b;
    ill.failed(plain, failure(start + 16min));
    CHECK(ill.open_until() == start + 16min + 30min);
    CHECK(ill.may_try(start + 16min) == leave::no);
    CHECK(ill.may_try(start + 46min) == leave::probe);

    b.told_nothing();
    CHECK(b.may_try(start + 15min) == leave::probe);
}

TEST_CASE("breaker: the delay doubles up to the longest, and a success begins anew")
{
    auto b = opened();
    auto now = start;
    std::vector<std::chrono::milliseconds> delays;
    for (int i = 0; i != 9; ++i) {
        auto const until = b.open_until().value();
        delays.push_back(until - now);
        now = until;
        REQUIRE(b.may_try(now) == leave::probe);
        b.failed(plain, failure(now));
    }
    CHECK(
        delays
        == std::vector<std::chrono::milliseconds>{15min, 30min, 60min, 120min, 240min, 6h, 6h, 6h, 6h});
    b.succeeded();
    for (int i = 0; i != 3; ++i)
        b.failed(plain, failure(now));
    CHECK(b.open_until() == now + 15min);
}

TEST_CASE("breaker: jitter shortens, and the longest delay is never exceeded")
{
    breaker_settings const by{.after = 1, .jitter = 0.2};
    auto what = failure(start);
    what.random01 = 0.5;
    breaker b;
    b.failed(by, what);
    CHECK(b.open_until() == start + 13min + 30s);
    for (auto const random : {0.0, 0.3, 0.999, 1.0}) {
        breaker old = breaker::restore({.failures = 1'000'000, .open_until = start}, by, start);
        REQUIRE(old.may_try(start) == leave::probe);
        what.random01 = random;
        old.failed(by, what);
        CHECK(old.open_until() <= start + 6h);
        CHECK(old.open_until() >= start + 6h * 4 / 5);
    }
}

TEST_CASE("breaker: a time that was named opens at once, and is kept to")
{
    breaker b;
    b.failed(plain, announced(start, 2h));
    CHECK(b.may_try(start + 2h - 1ms) == leave::no);
    CHECK(b.record("x")->announced);
    CHECK(b.may_try(start + 2h) == leave::probe);
    // It names another one: that is what holds, not a doubled delay.
    b.failed(plain, announced(start + 2h, 1min));
    CHECK(b.open_until() == start + 2h + 1min);
    // It fails for another reason: the usual delays.
    REQUIRE(b.may_try(start + 3h) == leave::probe);
    b.failed(plain, failure(start + 3h));
    CHECK(b.open_until() == start + 3h + 15min);
    CHECK_FALSE(b.record("x")->announced);

    breaker far;
    far.failed(plain, announced(start, std::chrono::days{30}));
    CHECK(far.open_until() == start + 24h);
}

TEST_CASE("breaker: a block that names no time opens at once, for an hour or more")
{
    breaker b;
    auto now = start;
    for (auto const wait : {60min, 60min, 60min, 60min, 60min, 120min, 240min}) {
        auto what = failure(now, outcome::rate_limited);
        what.random01 = 1;
        b.failed({.jitter = 0}, what);
        CHECK(b.open_until() == now + wait);
        CHECK_FALSE(b.record("x")->announced);
        now += wait;
        REQUIRE(b.may_try(now) == leave::probe);
    }
    breaker other;
    other.failed({.jitter = 0.5}, {.how = outcome::rate_limited, .now = start, .random01 = 1});
    CHECK(other.open_until() == start + 60min);
}

TEST_CASE("breaker: what was under way when it opened counts for nothing")
{
    auto b = opened();
    b.failed(plain, failure(start + 1s));
    CHECK(b.open_until() == start + 15min);
    CHECK(b.record("x")->failures == 3);
    b.failed(plain, announced(start + 1s, 5min));
    CHECK(b.open_until() == start + 15min);
    CHECK_FALSE(b.record("x")->announced);
    b.failed(plain, announced(start + 1s, 1h));
    CHECK(b.open_until() == start + 1h + 1s);
    CHECK(b.record("x")->announced);
    // Another tracker of the host works.
    b.succeeded();
    CHECK(b.may_try(start + 2s) == leave::yes);
}

TEST_CASE("breaker: survives a restart")
{
    auto b = opened();
    auto const stored = b.record("tracker 17");
    REQUIRE(stored);
    CHECK(stored->scope == "tracker 17");
    CHECK(stored->failures == 3);
    CHECK(stored->failed_at == start);
    CHECK(stored->how == outcome::timeout);
    CHECK(stored->detail == "so it is");

    auto again = breaker::restore(*stored, plain, start + 1min);
    CHECK(again.may_try(start + 15min - 1ms) == leave::no);
    CHECK(again.may_try(start + 15min) == leave::probe);
    again.failed(plain, failure(start + 15min));
    CHECK(again.open_until() == start + 45min);

    // The clock was set back by a year meanwhile.
    auto const then = start - std::chrono::days{365};
    CHECK(breaker::restore(*stored, plain, then).open_until() == then + 6h);
    breaker named;
    named.failed(plain, announced(start, 20h));
    CHECK(breaker::restore(*named.record("x"), plain, start).open_until() == start + 20h);
    CHECK(breaker::restore(*named.record("x"), plain, then).open_until() == then + 24h);
}

TEST_CASE("breaker: what can be the host's failure")
{
    std::set<outcome> hosts;
    for (auto const o : all_outcomes)
        if (counts_for_host(o))
            hosts.insert(o);
    CHECK(
        hosts
        == std::set{
            outcome::connect_failed,
            outcome::tls_failed,
            outcome::timeout,
            outcome::rate_limited,
            outcome::bot_wall});
}
