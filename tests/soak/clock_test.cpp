#include "engine/check/ramp.hpp"
#include "tests/soak/town.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace checkwatches;
using namespace checkwatches::soak;
using namespace std::chrono_literals;
using std::chrono::days;

constexpr int trackers = 24;
constexpr int bugs = 20;

std::vector<std::string> many_trackers()
{
    std::vector<std::string> out;
    for (int i = 1; i <= trackers; ++i)
        out.push_back(
            "kind=" + std::string{i % 2 == 0 ? "bugzilla" : "trac"} + ",name=t" + std::to_string(i)
            + ",bugs=" + std::to_string(bugs) + ",seed=" + std::to_string(i));
    return out;
}

// All bugs are due daily, each at its own time: none goes along with others.
check::engine_settings daily()
{
    check::engine_settings all;
    auto& policy = all.pass.policy;
    policy.ripe_after = 1;
    policy.quiet = policy.idle = policy.resolved = policy.settled = policy.active;
    return all;
}

// A town whose schedule has spread out over the day.
struct spread_town : town {
    spread_town() : town{many_trackers(), daily()}
    {
        open();
        run_for(days{4});
    }

    std::size_t requests_in(clock::duration span)
    {
        auto const before = requests();
        run_for(span);
        return requests() - before;
    }
    // Bugs whose appointment in the store has passed, as anybody sees it who has nothing but a wall clock.
    std::int64_t overdue_by_the_wall()
    {
        std::int64_t n = 0;
        for (auto const& at : read()->counts(time().now()))
            n += at.due;
        return n;
    }
    // Bugs that nobody asked for since `when`.
    std::size_t not_checked_since(utc_time when) const
    {
        std::size_t n = 0;
        read()->each_bug(
            {}, [&](storage::shown_bug const& b) { n += b.bug.checked_at.value() < when ? 1 : 0; });
        return n;
    }
};

// More than the longest appointment of daily(): a day and the jitter.
constexpr clock::duration a_long_day = 27h;

} // namespace

TEST_CASE("clock: set a day forward, nothing is due earlier, and nothing is forgotten")
{
    spread_town in;
    auto const usual = in.requests_in(10min);
    in.time().step(24h);
    auto const stepped_at = in.time().now();
    CHECK(in.overdue_by_the_wall() > trackers * bugs / 2); // there was something to stampede
    CHECK(in.requests_in(10min) <= usual + trackers / 4);
    in.run_for(a_long_day);
    CHECK(in.not_checked_since(stepped_at) == 0);
}

TEST_CASE("clock: set a day back, nothing is late, and nothing is forgotten")
{
    spread_town in;
    auto const usual = in.requests_in(10min);
    in.time().step(-24h);
    auto const stepped_at = in.time().now();
    CHECK(in.requests_in(10min) <= usual + trackers / 4);
    in.run_for(a_long_day);
    // Those that were checked just before are "checked in the future" until they are asked again.
    std::size_t in_the_future = 0;
    in.read()->each_bug({}, [&](storage::shown_bug const& b) {
        in_the_future += b.bug.checked_at.value() > in.time().now() ? 1 : 0;
    });
    CHECK(in_the_future == 0);
    CHECK(in.not_checked_since(stepped_at) == 0);
}

TEST_CASE("clock: after six hours of suspension what fell due is asked once, a few trackers at a time")
{
    spread_town in;
    in.time().suspend(6h);
    auto const woke_at = in.time().now();
    auto const due = in.overdue_by_the_wall();
    CHECK(due > trackers);
    in.client().forget_most_waiting();
    auto const asked = in.requests_in(5min);
    CHECK(asked > 0);
    CHECK(asked <= 2 * trackers); // a batch each and what it may need beside that, not a request a bug
    CHECK(asked < static_cast<std::size_t>(due));
    CHECK(in.client().most_waiting() <= 2 * check::ramp::first);
    CHECK(in.overdue_by_the_wall() == 0);
    in.run_for(a_long_day);
    CHECK(in.not_checked_since(woke_at) == 0);
}

TEST_CASE("clock: set while the engine was away, each bug is asked once and none is forgotten")
{
    for (auto const by : {24h, -24h}) {
        CAPTURE(by.count());
        spread_town in;
        in.close();
        in.time().step(by);
        auto const opened_at = in.time().now();
        auto const before = in.requests();
        in.open();
        in.run_for(10min);
        CHECK(in.requests() - before <= 2 * trackers);
        // An engine that starts has nothing but the wall clock: set back, appointments are that much later.
        in.run_for(a_long_day + std::max<clock::duration>(-by, 0h));
        CHECK(in.not_checked_since(opened_at) == 0);
    }
}
