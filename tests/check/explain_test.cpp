#include "engine/check/explain.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;

constexpr utc_time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

// Checked two hours ago, as the policy has it.
explain_input checked(outcome how)
{
    explain_input in{
        .bug =
            {.id = storage::make_bug_id(storage::tracker_id{3}, 7),
             .state = status::confirmed,
             .last_outcome = how,
             .checked_at = now - 2h,
             .seen_at = now - 2h,
             .changed_at = now - days{400},
             .failures = is_success(how) ? 0 : 1},
        .tracker = "kde",
        .host = "https://bugs.kde.org",
        .now = now};
    in.bug.next_check = next_check(
        schedule_policy{},
        {.state = in.bug.state,
         .changed_at = in.bug.changed_at,
         .how = how,
         .failures = in.bug.failures,
         .bug = static_cast<std::int64_t>(in.bug.id),
         .now = now - 2h});
    return in;
}

storage::breaker_record open_breaker(std::chrono::seconds more)
{
    return {
        .scope = "tracker 3",
        .failures = 4,
        .failed_at = now - 1h,
        .open_until = now + more,
        .how = outcome::timeout,
        .detail = "nothing came for 30 s"};
}

bool says(explanation const& e, std::string const& words)
{
    return std::ranges::any_of(
        e.lines, [&](std::string const& line) { return line.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("an appointment as the policy has it is explained with all that went into it")
{
    auto const in = checked(outcome::seen);
    auto const e = explain({}, in);
    CHECK(e.reason == "unchanged for more than 180 d: every 3 d 12 h");
    CHECK(e.interval == hours{84});
    CHECK(std::abs(e.jitter) <= 0.1);
    CHECK(e.by_policy == in.bug.next_check);
    CHECK(e.difference.empty());
    CHECK_FALSE((e.clock_fault || e.paused || e.due || e.held_until));
    CHECK(says(e, "its status is Confirmed, its last change was at 2025-10-18T00:00:00Z (400 d ago)"));
    CHECK(says(e, "the last check ended in seen at 2026-11-21T22:00:00Z (2 h ago)"));
    CHECK(says(e, "its own share of each interval, fixed by its id: "));
    CHECK(says(e, "asked at https://bugs.kde.org"));
    CHECK(e.lines.back().starts_with("so: due at 2026-11-2"));
}

TEST_CASE("it is said from when on a bug goes along with others")
{
    auto in = checked(outcome::seen);
    auto const words = "where a request for others of its tracker has room, it goes along from ";
    // A tenth of 84 h after the last check, at 22:00, but for the bug's own share.
    CHECK(says(explain({}, in), words + std::string{"2026-11-22T0"}));

    schedule_policy alone;
    alone.ripe_after = 1;
    CHECK_FALSE(says(explain(alone, in), words));

    in.bug.next_check = now;
    CHECK_FALSE(says(explain({}, in), words));
}

TEST_CASE("the share that is named is the share that is taken")
{
    for (std::int64_t bug = 1; bug != 50; ++bug) {
        auto in = checked(outcome::seen);
        in.bug.id = static_cast<storage::bug_id>(bug);
        auto const e = explain({}, in);
        auto const expected = *in.bug.checked_at + e.interval
                              + std::chrono::seconds{static_cast<std::int64_t>(
                                  e.jitter * static_cast<double>(e.interval.count()))};
        CHECK(e.by_policy == expected);
    }
}

TEST_CASE("a bug that was never checked is due at once")
{
    auto const e = explain(
        {},
        {.bug = {.id = storage::bug_id{1}, .next_check = now - 1min},
         .tracker = "kde",
         .host = "https://bugs.kde.org",
         .now = now});
    CHECK(e.lines.front() == "never checked: due at once");
    CHECK(e.due);
    CHECK_FALSE(e.by_policy);
    CHECK(e.lines.back() == "so: due since 2026-11-21T23:59:00Z (1 min ago)");
}

TEST_CASE("a paused tracker, a breaker and a host's breaker hold a bug")
{
    auto in = checked(outcome::seen);
    in.bug.next_check = now - 1h;
    in.tracker_breaker = open_breaker(30min);
    in.host_breaker = open_breaker(1h);
    in.host_breaker->announced = true;
    auto e = explain({}, in);
    CHECK(e.due);
    CHECK(e.held_until == now + 1h);
    CHECK(says(
        e,
        "kde failed 4 times in a row, last with timeout: nothing came for 30 s; nothing there is asked "
        "before "
        "2026-11-22T00:30:00Z (in 30 min)"));
    CHECK(says(e, "https://bugs.kde.org failed"));
    CHECK(says(e, "as it asked itself"));
    CHECK(e.lines.back().starts_with("so: not before 2026-11-22T01:00:00Z (in 1 h); its appointment is "));

    in.at_tracker = {.paused = true, .note = "moving house"};
    e = explain({}, in);
    CHECK(says(e, "kde is paused (moving house): it is not asked until `checkwatches tracker resume kde`"));
    CHECK(e.lines.back().starts_with("so: not before the tracker is resumed"));
}

TEST_CASE("a breaker whose time is over holds nothing")
{
    auto in = checked(outcome::seen);
    in.tracker_breaker = open_breaker(-1min);
    auto const e = explain({}, in);
    CHECK_FALSE(e.held_until);
    CHECK(says(e, "; the next request tries it"));
}

TEST_CASE("an appointment farther ahead than any interval is a clock's fault and is called that")
{
    auto in = checked(outcome::seen);
    in.bug.next_check = now + days{34};
    auto const e = explain({}, in);
    CHECK(e.clock_fault);
    CHECK(says(e, "farther ahead than the longest interval (33 d): a clock was wrong when it was made"));
    in.bug.next_check = now + days{33};
    CHECK_FALSE(explain({}, in).clock_fault);
}

TEST_CASE("an appointment that is not the policy's says what it may be")
{
    auto in = checked(outcome::seen);
    in.bug.next_check = now;
    CHECK(says(explain({}, in), "it was brought forward"));
    in.bug.next_check = now + days{20};
    CHECK(says(explain({}, in), "it was put off"));

    in = checked(outcome::rate_limited);
    in.bug.next_check = now + 5h;
    CHECK(says(explain({}, in), "the tracker asked for that wait"));

    in = checked(outcome::timeout);
    in.bug.failures = 0;
    in.bug.next_check = now;
    CHECK(says(explain({}, in), "its failures were forgotten"));
}

TEST_CASE("what is known is stale when it is older than the policy promises")
{
    schedule_policy policy;
    policy.eager_for = 0s;
    storage::bug_state bug{.state = status::new_, .seen_at = now - hours{28}, .changed_at = now - days{2}};
    CHECK_FALSE(is_stale(policy, bug, now));
    bug.seen_at = now - hours{30};
    CHECK(is_stale(policy, bug, now));
    // A resolved bug may be a week old.
    bug.state = status::fix_released;
    CHECK_FALSE(is_stale(policy, bug, now));
    bug.seen_at = now - days{9};
    CHECK(is_stale(policy, bug, now));
    // Where nothing is known, nothing is stale.
    bug.seen_at.reset();
    CHECK_FALSE(is_stale(policy, bug, now));
}
