#include "engine/net/budget.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches::net;
using namespace std::chrono_literals;

namespace {

constexpr budget::time start{1000h};

} // namespace

TEST_CASE("budget: without a limit everything may go at once")
{
    budget b{budget_settings{}};
    b.sent(start);
    CHECK(b.opens(start) == start);
    CHECK(b.opens(start, 1000) == start);
    CHECK_FALSE(b.deferral(start, 1000));
}

TEST_CASE("budget: requests per second space the requests")
{
    budget b{{.requests_per_second = 4, .longest_wait = 2s}};
    CHECK(b.opens(start) == start);
    b.sent(start);
    CHECK(b.opens(start) == start + 250ms);
    CHECK(b.opens(start + 100ms) == start + 250ms);
    CHECK(b.opens(start + 300ms) == start + 300ms);
    CHECK(b.opens(start, 3) == start + 1s);
    CHECK_FALSE(b.deferral(start, 7));
    CHECK(b.deferral(start, 8) == 3s); // 2.25 s, rounded up
}

TEST_CASE("budget: an announced block defers what would wait too long")
{
    budget b{{.longest_wait = 15s}};
    b.block(start + 10s);
    CHECK(b.opens(start) == start + 10s);
    CHECK_FALSE(b.deferral(start));
    b.block(start + 60s);
    CHECK(b.deferral(start) == 60s);
    CHECK_FALSE(b.deferral(start + 45s));
    CHECK(b.opens(start + 61s) == start + 61s);
}

TEST_CASE("budget: a later announcement never shortens an earlier one")
{
    budget b{budget_settings{}};
    b.block(start + 60s);
    b.block(start + 5s);
    CHECK(b.opens(start) == start + 60s);
}

TEST_CASE("budget: what the host says is left is counted down until its reset")
{
    budget b{{.longest_wait = 15s}};
    b.announce(2, start + 60s);
    CHECK(b.opens(start, 1) == start);
    CHECK(b.opens(start, 2) == start + 60s); // two go first
    b.sent(start);
    b.sent(start);
    CHECK(b.opens(start) == start + 60s);
    CHECK(b.deferral(start) == 60s);
    CHECK(b.opens(start + 60s) == start + 60s);
    CHECK_FALSE(b.deferral(start + 61s, 1000));

    b.announce(1, start + 120s); // the last word counts
    b.announce(5000, start + 3600s);
    b.sent(start + 61s);
    CHECK_FALSE(b.deferral(start + 61s, 4998));
    CHECK(b.deferral(start + 61s, 4999) == 3539s);
}

TEST_CASE("budget: a free answer takes nothing from the host's limit, and its place in our own")
{
    budget b{{.requests_per_second = 4, .longest_wait = 15s}};
    b.announce(1, start + 60s);
    for (auto at = start; at != start + 10s; at += 250ms) {
        REQUIRE(b.opens(at) == at);
        b.sent(at);
        CHECK(b.opens(at) == start + 60s);
        b.give_back(at);
        CHECK(b.opens(at) == at + 250ms);
    }
    b.sent(start + 10s);
    CHECK(b.opens(start + 10s) == start + 60s);
    // It is another limit by then.
    b.give_back(start + 60s);
    b.announce(0, start + 90s);
    CHECK(b.opens(start + 61s) == start + 90s);
}
