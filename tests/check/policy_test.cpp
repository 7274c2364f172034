#include "engine/check/policy.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr utc_time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

// Nothing by which one bug differs from another, and none asked more than daily.
schedule_policy plain()
{
    schedule_policy policy;
    policy.jitter = 0;
    policy.eager_for = seconds::zero();
    return policy;
}

seconds delay_of(schedule_policy const& policy, schedule_input const& in)
{
    return std::chrono::duration_cast<seconds>(next_check(policy, in) - in.now);
}

} // namespace

TEST_CASE("the pace follows the last change and the status")
{
    struct row {
        std::optional<status> state;
        days unchanged;
        seconds expected;
    };
    row const rows[]{
        {status::new_, days{0}, days{1}},
        {status::confirmed, days{44}, days{1}},
        {status::in_progress, days{45}, days{2}},
        {status::triaged, days{179}, days{2}},
        {status::incomplete, days{180}, hours{84}},
        {status::fix_committed, days{5000}, hours{84}},
        {status::fix_released, days{0}, days{7}},
        {status::invalid, days{120}, days{7}},
        {status::wont_fix, days{121}, days{30}},
        {status::opinion, days{10}, days{7}},
        {status::expired, days{121}, days{30}},
        {status::does_not_exist, days{121}, days{30}},
        {status::unknown, days{0}, days{1}},
        {std::nullopt, days{100}, days{2}},
    };
    for (auto const& r : rows) {
        CAPTURE(r.unchanged.count(), r.state ? title(*r.state) : "none");
        CHECK(
            delay_of(
                plain(),
                {.state = r.state, .changed_at = now - r.unchanged, .how = outcome::seen, .now = now})
            == r.expected);
    }
}

TEST_CASE("a bug that never changed under our eyes counts as just changed")
{
    CHECK(delay_of(plain(), {.state = status::new_, .how = outcome::seen, .now = now}) == days{1});
}

TEST_CASE("a failing bug is asked half as often each time, at most every seven days")
{
    auto const delay = [](std::int64_t failures) {
        return delay_of(
            plain(),
            {.state = status::new_,
             .changed_at = now,
             .how = outcome::not_found,
             .failures = failures,
             .now = now});
    };
    CHECK(delay(1) == days{2});
    CHECK(delay(2) == days{4});
    CHECK(delay(3) == days{7});
    CHECK(delay(1'000'000) == days{7});
}

TEST_CASE("a failure never brings a slow bug forward")
{
    CHECK(
        delay_of(
            plain(),
            {.state = status::fix_released,
             .changed_at = now - days{400},
             .how = outcome::forbidden,
             .failures = 1,
             .now = now})
        == days{30});
}

TEST_CASE("a failing tracker is tried again soon, at most six hours later")
{
    auto const delay = [](std::int64_t failures) {
        return delay_of(
            plain(),
            {.state = status::new_,
             .changed_at = now,
             .how = outcome::timeout,
             .failures = failures,
             .now = now});
    };
    CHECK(delay(1) == 15min);
    CHECK(delay(2) == 30min);
    CHECK(delay(3) == 1h);
    CHECK(delay(6) == 6h);
    CHECK(delay(60) == 6h);
}

TEST_CASE("what the tracker asks for wins over our own delay")
{
    schedule_input const in{
        .how = outcome::maintenance, .failures = 5, .retry_after = 3600s, .bug = 7, .now = now};
    CHECK(next_check(schedule_policy{}, in) == now + 3600s);
    CHECK(why_then(schedule_policy{}, in) == "the tracker asked to wait 1 h");
}

TEST_CASE("the jitter stays within its share, differs between bugs and never for one bug")
{
    auto policy = plain();
    policy.jitter = schedule_policy{}.jitter;
    std::set<seconds> seen;
    for (std::int64_t bug = 1; bug <= 200; ++bug) {
        schedule_input const in{
            .state = status::new_, .changed_at = now, .how = outcome::seen, .bug = bug, .now = now};
        auto const delay = delay_of(policy, in);
        CHECK(delay >= seconds{86'400} * 9 / 10);
        CHECK(delay <= seconds{86'400} * 11 / 10);
        CHECK(delay_of(policy, in) == delay);
        seen.insert(delay);
    }
    CHECK(seen.size() > 190);
    CHECK(*seen.begin() < seconds{80'000});
    CHECK(*seen.rbegin() > seconds{92'000});
}

TEST_CASE("every appointment says why")
{
    auto const why = [](schedule_input const& in) { return why_then(plain(), in); };
    CHECK(
        why({.state = status::new_, .changed_at = now - days{8}, .how = outcome::seen, .now = now})
        == "changed less than 45 d ago: every 1 d");
    CHECK(
        why({.state = status::new_, .changed_at = now - days{100}, .how = outcome::seen, .now = now})
        == "unchanged for more than 45 d: every 2 d");
    CHECK(
        why({.state = status::new_, .changed_at = now - days{400}, .how = outcome::seen, .now = now})
        == "unchanged for more than 180 d: every 3 d 12 h");
    CHECK(
        why({.state = status::invalid, .changed_at = now, .how = outcome::unmodified, .now = now})
        == "resolved less than 120 d ago: every 7 d");
    CHECK(
        why({.how = outcome::forbidden, .failures = 2, .now = now})
        == "forbidden (2 in a row): again after 4 d");
    CHECK(
        why({.how = outcome::connect_failed, .failures = 1, .now = now})
        == "connect_failed (1 in a row): again after 15 min");
}

TEST_CASE("no appointment lies farther ahead than the longest interval")
{
    schedule_policy policy;
    CHECK(longest_interval(policy) == days{33});
    policy.most_bug_delay = days{100};
    policy.jitter = 0;
    CHECK(longest_interval(policy) == days{100});
    for (auto const how : all_outcomes)
        for (std::int64_t bug = 0; bug != 20; ++bug)
            CHECK(
                delay_of(
                    schedule_policy{},
                    {.state = status::fix_released,
                     .changed_at = now - days{400},
                     .how = how,
                     .failures = 12,
                     .bug = bug,
                     .now = now})
                <= longest_interval(schedule_policy{}));
}

TEST_CASE("spans are written in their two largest units")
{
    CHECK(format_span(0s) == "0 s");
    CHECK(format_span(59s) == "59 s");
    CHECK(format_span(60s) == "1 min");
    CHECK(format_span(3'661s) == "1 h 1 min");
    CHECK(format_span(86'400s) == "1 d");
    CHECK(format_span(90'061s) == "1 d 1 h");
    CHECK(format_span(86'460s) == "1 d");
}

TEST_CASE("a bug is ripe after its share of the interval")
{
    schedule_policy policy;
    policy.ripe_after = 0.25;
    CHECK(ripe_at(policy, now, now + hours{24}) == now + hours{6});
    policy.ripe_after = 1;
    CHECK(ripe_at(policy, now, now + days{7}) == now + days{7});
}

TEST_CASE("a bug that changed just now is asked more often for a while")
{
    schedule_policy policy;
    policy.jitter = 0;
    auto const after = [&](days unchanged) {
        return delay_of(
            policy,
            {.state = status::confirmed, .changed_at = now - unchanged, .how = outcome::seen, .now = now});
    };
    CHECK(after(days{0}) == hours{6});
    CHECK(after(days{2}) == hours{6});
    CHECK(after(days{3}) == days{1});
    CHECK(
        why_then(policy, {.state = status::new_, .changed_at = now, .how = outcome::seen, .now = now})
        == "changed less than 3 d ago: every 6 h");
}

TEST_CASE("a bug that was resolved just now is asked daily for a while")
{
    schedule_policy policy;
    policy.jitter = 0;
    schedule_input in{.state = status::fix_released, .changed_at = now, .how = outcome::seen, .now = now};
    CHECK(delay_of(policy, in) == days{1});
    CHECK(why_then(policy, in) == "resolved less than 3 d ago: every 1 d");
    in.changed_at = now - days{3};
    CHECK(delay_of(policy, in) == days{7});
    policy.resolved = hours{6}; // more often than an active one: not less at first
    CHECK(delay_of(policy, {.state = in.state, .changed_at = now, .how = in.how, .now = now}) == hours{6});
    policy.resolved = days{7};
    // Where its change is not known it would count as just resolved for ever.
    in.changed_at.reset();
    CHECK(delay_of(policy, in) == days{7});
}

TEST_CASE("a time is written with its distance from now")
{
    CHECK(format_when(now - 3h, now) == "2026-11-21T21:00:00Z (3 h ago)");
    CHECK(format_when(now + 15min, now) == "2026-11-22T00:15:00Z (in 15 min)");
    CHECK(format_when(now, now) == "2026-11-22T00:00:00Z (0 s ago)");
}
