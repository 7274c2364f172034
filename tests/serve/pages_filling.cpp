#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

namespace checkwatches::serve::test {
namespace {

using namespace std::chrono_literals;

storage::settled_bug settled(storage::bug_id id, int number, utc_time now)
{
    storage::settled_bug out;
    auto& bug = out.after;
    bug.id = id;
    bug.title = "Crash " + hostile;
    bug.product = "panel " + hostile;
    bug.words = {
        .status = "RESOLVED " + hostile,
        .resolution = "FIXED",
        .priority = "P1",
        .severity = "major" + hostile};
    bug.state = status::fix_released;
    bug.weight = importance::high;
    bug.duplicate_of = number == 1 ? "javascript:" + hostile : "";
    bool const fails = number % 3 == 2;
    bug.last_outcome = fails ? outcome::timeout : outcome::seen;
    bug.error = fails ? "no answer for 10 s " + hostile : "";
    bug.failures = fails ? 2 : 0;
    bug.checked_at = now - 2h;
    bug.seen_at = fails ? now - 72h : now - 2h;
    bug.changed_at = now - 40s;
    bug.modified_at = now - 3h;
    bug.next_check = now + 20h;
    bug.run_began = now - 72h;
    bug.run_checks = 3;
    out.ended = storage::check_run{
        .first = now - 240h, .last = now - 200h, .how = outcome::seen, .detail = hostile, .times = 2};
    for (auto const& [before, after] :
         {std::pair{"New", "Confirmed"}, std::pair{"Confirmed", "Fix Released"}})
        out.changes.push_back(
            {.at = now - (after == std::string{"Confirmed"} ? 12 * 24h : 1h),
             .field = "status",
             .before = before,
             .after = after,
             .remote_before = "NEW" + hostile,
             .remote_after = "RESOLVED" + hostile});
    out.unmapped = {{.field = "status", .word = "Frobnicated " + hostile}};
    return out;
}

void fill_bugs(storage::store& to, storage::tracker const& at, utc_time now, int bugs)
{
    storage::report what{.from = at.id, .at = now - 2h};
    for (int i = 1; i <= bugs; ++i) {
        auto const id = to.add_bug(at.id, i == 1 ? "1" + hostile : std::to_string(i), now);
        storage::watch const watch{
            .label = "package " + hostile, .source = "file:" + hostile, .owner = "anna " + hostile};
        to.add_watch(id, watch, now - 24h);
        what.bugs.push_back(settled(id, i, now));
    }
    to.in_transaction([&] { to.apply(what); });
    auto const unchecked = to.add_bug(at.id, "unchecked", now);
    to.add_watch(unchecked, {.label = "kde-session", .source = "typed"}, now - 10s);
    storage::comment_reading const said{
        .bug = what.bugs.front().after.id,
        .at = now,
        .read = {{.remote_id = "c1", .author = hostile, .at = now - 1h, .text = "Me too " + hostile}}};
    to.apply_comments(said);
}

} // namespace

void fill_with_everything(storage::store& to, utc_time now, int bugs)
{
    to.put_sink(
        {.name = "ci",
         .kind = "webhook",
         .failing_since = now - 2h,
         .tries = 3,
         .trouble = "timeout " + hostile});
    to.put_sink({.name = "quiet", .kind = "webhook", .changes = 1'000'000, .confirmed_at = now - 1h});
    to.park({.sink = "quiet", .id = 17, .at = now - 1h, .tries = 5, .why = "HTTP status 422 " + hostile});
    auto const added = to.add_tracker(
        {.kind = "bugzilla",
         .name = "bugs.example.org",
         .base_url = "https://bugs.example.org/",
         .created_at = now - 240h});
    REQUIRE(added);
    fill_bugs(to, *added, now, bugs);
    storage::tracker_state const state{
        .tried_at = now - 2h,
        .succeeded_at = now - 2h,
        .moved_to = "javascript:" + hostile,
        .skew = 90'000ms,
        .settings = {.batch = 50, .comments_of = {"panel" + hostile}}};
    to.put_tracker_state(added->id, state);
    storage::stored_capabilities const can{
        .can = {.protocol = "rest", .version = "5.2" + hostile, .batch = 100, .identity = hostile},
        .probed_at = now - 24h,
        .expires_at = now + 24h};
    to.put_capabilities(added->id, can);
    to.add_pass(
        {.from = added->id,
         .began = now - 2h - 5s,
         .ended = now - 2h,
         .asked = bugs,
         .failed = 1,
         .changes = 2,
         .requests = 4,
         .not_modified = 1,
         .bytes = 123'456,
         .trouble = hostile,
         .outcomes = {{outcome::seen, bugs - (bugs + 1) / 3}, {outcome::timeout, (bugs + 1) / 3}}});

    auto const other = to.add_tracker(
        {.kind = "trac" + hostile,
         .name = "odd" + hostile,
         .base_url = "https://odd.example.org/",
         .created_at = now});
    REQUIRE(other);
    to.put_breaker(
        {.scope = "tracker " + std::to_string(static_cast<std::int64_t>(other->id)),
         .failures = 4,
         .failed_at = now - 1h,
         .open_until = now + 2h,
         .how = outcome::bot_wall,
         .detail = hostile});
    to.begin_incident({.kind = "offline", .began = now - 30min, .detail = hostile});
    to.begin_engine({.pid = 7, .version = "0.1.0", .started_at = now - 3h});
    to.log_act(
        {.at = now - 5min,
         .from = added->id,
         .field = "pause",
         .after = hostile,
         .actor = "local user " + hostile});
    to.put_meaning(
        {.from = added->id,
         .field = "status",
         .key = "odd " + hostile,
         .means = "Confirmed",
         .actor = "token " + hostile,
         .at = now - 1h});
}

void fill_with_long_rows(storage::store& to, utc_time now)
{
    std::string const host = "bugs.long-name-of-a-company.example.org";
    std::string const title =
        "A long description of plasma-workspace crash when the panel is moved to the left edge";
    std::string const why =
        "cannot reach bugs.long-name-of-a-company.example.org:443: it refused the connection";
    std::optional<storage::tracker> at;
    for (int i = 0; i < 120; ++i) {
        auto const name = i == 0 ? host : fmt::format("{}-{}", host, i);
        auto const added = to.add_tracker(
            {.kind = "bugzilla", .name = name, .base_url = "https://" + name + "/", .created_at = now});
        REQUIRE(added);
        if (!at)
            at = *added;
        storage::tracker_state const state{
            .tried_at = now - 2h,
            .succeeded_at = now - 2h,
            .moved_to = "https://elsewhere.org/ of plasma-workspace crash"};
        to.put_tracker_state(added->id, state);
    }
    storage::report what{.from = at->id, .at = now - 2h};
    for (int i = 0; i < 240; ++i) {
        auto const id = to.add_bug(at->id, std::to_string(400'000 + i), now);
        for (auto const* const label :
             {"plasma-workspace-wallpapers", "plasma-workspace-wayland", "kde-session"})
            to.add_watch(
                id,
                {.label = label, .source = "file:debian/patches/series.diff", .owner = "team-of-plasma"},
                now);
        storage::settled_bug one;
        auto& bug = one.after;
        bool const fails = i % 2 == 1;
        bug.id = id;
        bug.title = title;
        bug.words = {.status = "RESOLVED", .resolution = "FIXED", .priority = "VHI", .severity = "critical"};
        bug.state = status::fix_released;
        bug.weight = importance::critical;
        bug.last_outcome = fails ? outcome::connect_failed : outcome::seen;
        bug.error = fails ? why : "";
        bug.checked_at = now - 2h;
        bug.seen_at = now - 72h;
        bug.changed_at = now - 2h;
        bug.next_check = now + 20h;
        one.changes.push_back(
            {.at = now - 2h,
             .field = "status",
             .before = "Confirmed",
             .after = "Fix Released",
             .remote_before = "REOPENED of plasma-workspace crash",
             .remote_after = "RESOLVED FIXED"});
        one.unmapped = {{.field = "status", .word = fmt::format("WAITING {} of plasma-workspace crash", i)}};
        what.bugs.push_back(std::move(one));
    }
    for (int i = 0; i < 120; ++i) {
        auto const id = to.add_bug(at->id, fmt::format("x{}", i), now);
        storage::settled_bug one;
        one.after.id = id;
        one.after.last_outcome = outcome::not_found;
        one.after.error = fmt::format(
            "answered that there is none in the product {} of plasma-workspace crash",
            std::string(static_cast<std::size_t>(i), 'q'));
        one.after.checked_at = now - 2h;
        one.after.next_check = storage::never;
        what.bugs.push_back(std::move(one));
    }
    to.in_transaction([&] { to.apply(what); });
}

} // namespace checkwatches::serve::test
