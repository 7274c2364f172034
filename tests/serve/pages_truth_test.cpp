#include "engine/serve/pages/failure_words.hpp"
#include "engine/serve/pages/page.hpp"
#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <functional>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

namespace {

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

// One bug more, as `make` has its row.
storage::bug_id add_settled(
    storage::store& to,
    std::string const& remote_id,
    utc_time now,
    std::function<void(storage::bug_state&)> make)
{
    auto const id = to.add_bug(storage::tracker_id{1}, remote_id, now);
    to.add_watch(id, {.label = "plasma", .source = "typed"}, now);
    storage::settled_bug one;
    one.after.id = id;
    one.after.last_outcome = outcome::seen;
    one.after.checked_at = one.after.seen_at = now;
    one.after.next_check = now + 20h;
    make(one.after);
    to.in_transaction([&] { to.apply({.from = storage::tracker_id{1}, .at = now, .bugs = {one}}); });
    return id;
}

} // namespace

TEST_CASE("bugs that fail or were never checked are not called fresh, however little is overdue")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now, 7); }};
    on.commands.status = {{"bugs", 8}, {"due", 0}, {"offline", false}};
    CHECK(has(on.page("/bugs"), "✓ nothing is overdue"));
    on.count();
    on.time.advance(9s);
    auto const html = on.page("/");
    INFO(html);
    CHECK(has(
        html, "Alive, no check is overdue. 5 of <a href=\"/bugs\">8 bugs</a> were seen at their last check"));
    CHECK(has(html, "; <a href=\"/bugs?failing=1\">2 fail</a>"));
    CHECK(has(html, "; <a href=\"/bugs?unchecked=1\">1 was never checked</a>, as counted <time"));
    CHECK(has(html, ">9 s ago</time>."));
    CHECK_FALSE(has(html, "fresh"));
    CHECK(has(on.page("/trackers/bugs.example.org"), "the last check of 2 failed, as counted <time"));
}

TEST_CASE("a word without a meaning is not called fine, nor is the old verdict put into the tracker's mouth")
{
    storage::bug_id id{};
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 1);
        id = add_settled(to, "30", now, [](auto& bug) {
            bug.state = status::in_progress;
            bug.words.status = "QUUX";
        });
    }};
    auto const path = fmt::format("/bugs/{}", static_cast<std::int64_t>(id));
    auto const html = on.page(path);
    INFO(html);
    CHECK(has(html, "? unmapped"));
    CHECK(has(
        html,
        "In Progress as of its last known word; its tracker now says “QUUX”, which has no meaning here yet, "
        "as seen <time"));
    CHECK(
        has(html,
            "<a href=\"/queue?tracker=bugs.example.org&amp;field=status&amp;word=QUUX\">Give “QUUX” a "
            "meaning.</a>"));
    CHECK_FALSE(has(html, "✓ fine"));
    auto const row = on.page("/bugs?label=plasma");
    CHECK(has(row, "? unmapped"));
    CHECK_FALSE(has(row, "✓ fine"));
}

TEST_CASE("a duplicate is shown with its master's verdict where that is the policy")
{
    storage::bug_id id{};
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 1);
        add_settled(to, "2", now, [](auto& bug) { bug.state = status::triaged; });
        id = add_settled(to, "30", now, [](auto& bug) {
            bug.state = status::invalid;
            bug.duplicate_of = "2";
        });
    }};
    CHECK(has(on.page("/fixed?label=plasma"), "1 label whose upstream bug is resolved"));
    auto const path = fmt::format("/bugs/{}", static_cast<std::int64_t>(id));
    CHECK(has(on.page(path), "Invalid, as its tracker said"));
    CHECK_FALSE(has(on.page("/bugs?label=plasma"), "its master’s"));
    on.known->by_master = true;
    on.time.advance(1s);
    CHECK(has(
        on.page("/fixed?label=plasma"), "Nothing that you watch was resolved upstream for plasma")); // open
    auto const html = on.page(path);
    INFO(html);
    CHECK(has(html, "Triaged, the verdict of the bug that it is a duplicate of, as its tracker said <time"));
    CHECK(has(html, "(that of <a href=\"/bugs/4294967299\">its master</a>; its own is Invalid)"));
    CHECK(has(on.page("/bugs?label=plasma"), "<td>Triaged (<a href=\"/bugs/4294967299\">its master’s</a>)"));
}

TEST_CASE("what is fixed upstream can be told from what is not, and says since when")
{
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 120);
        add_settled(to, "200", now, [](auto& bug) { bug.state = status::invalid; });
        add_settled(to, "201", now, [](auto& bug) {
            bug.state = status::invalid;
            bug.duplicate_of = "202";
        });
        add_settled(to, "202", now, [](auto& bug) { bug.state = status::confirmed; });
    }};
    auto const all = on.page("/fixed");
    CHECK(has(
        all,
        fmt::format("The newest {} labels whose upstream bug is resolved, newest first.", view::most_rows)));
    CHECK(has(all, "<a href=\"/fixed?kind=wontfix\">Won’t Fix</a>"));
    CHECK(has(all, "“Seen” is all that is kept here of a label’s own state"));
    auto const invalid = on.page("/fixed?kind=invalid");
    INFO(invalid);
    CHECK(has(invalid, "1 label whose upstream bug is resolved as Invalid, newest first."));
    CHECK(has(invalid, "<td>already so when first seen</td>"));
    CHECK(has(invalid, "aria-current=\"true\">Invalid</a>"));
    CHECK(has(on.page("/fixed?kind=duplicate&label=plasma"), "1 label whose"));
    CHECK(has(on.page("/fixed?label=plasma"), "2 labels whose upstream bug is resolved for plasma"));
    CHECK(
        has(on.page("/fixed?label=plasma&kind=fixed"),
            "Nothing that you watch was resolved upstream as Fix Released for plasma"));
    CHECK(has(
        on.page("/fixed?owner=nobody"), "Nothing that you watch was resolved upstream watched by nobody"));
}

TEST_CASE("a failure is said in words, without the outcome twice and the ids that were asked for")
{
    for (auto const how : all_outcomes)
        CHECK_FALSE(has(std::string{view::words_of(how)}, "_"));
    CHECK(
        view::reason_of(
            outcome::bot_wall,
            "bot_wall: bot_wall: answered 200 text/html to https://b.example.org/rest/bug?id=59,4&x=1 (was "
            "JSON)")
        == "answered 200 text/html to https://b.example.org/rest/bug (was JSON)");
    CHECK(view::reason_of(outcome::timeout, "who? nobody") == "who? nobody");
    CHECK(view::reason_of(outcome::timeout, "GET /rest/bug?id=1") == "GET /rest/bug");
}

TEST_CASE("a tracker of which most bugs fail needs somebody before its breaker opens")
{
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 1);
        storage::tracker_state const fine{.tried_at = now, .succeeded_at = now};
        to.put_tracker_state(storage::tracker_id{1}, fine);
        for (auto const* const id : {"20", "21", "22"})
            add_settled(to, id, now, [&](auto& bug) {
                bug.last_outcome = outcome::bot_wall;
                bug.error = "bot_wall: answered text/html to https://b.example.org/rest?id=20,21";
                bug.seen_at = {};
                bug.next_check = now + 20min;
            });
    }};
    on.count();
    auto const html = on.page("/trackers?need=1");
    INFO(html);
    CHECK(has(html, "fails for 3 of 5 bugs: it answers with a challenge for bots"));
    CHECK(has(html, "<bdi>answered text/html to https://b.example.org/rest</bdi>"));
    CHECK(has(html, ">in 20 min</time>"));
    CHECK_FALSE(has(html, "id=20"));
    CHECK(has(on.page("/trackers/bugs.example.org"), "✗ failing"));
    auto const bugs = on.page("/bugs?label=plasma");
    CHECK(has(bugs, "answered text/html to https://b.example.org/rest<"));
    CHECK(has(on.page("/errors"), "It answers with a challenge for bots"));
}

TEST_CASE("errors that are over are not among those that fail")
{
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 2);
        auto const fail = [&](auto& bug) {
            bug.last_outcome = outcome::not_found;
            bug.error = "there is none";
        };
        auto const id = add_settled(to, "20", now, fail);
        storage::settled_bug one;
        one.after.id = id;
        one.after.last_outcome = outcome::seen;
        one.after.checked_at = one.after.seen_at = now + 1s;
        one.after.run_began = now + 1s;
        one.ended = storage::check_run{.first = now, .last = now, .how = outcome::not_found, .times = 1};
        one.after.next_check = now + 20h;
        to.in_transaction([&] { to.apply({.from = storage::tracker_id{1}, .at = now + 1s, .bugs = {one}}); });
    }};
    CHECK(has(on.page("/errors"), ">1 bug fails in 1 way.</p>"));
    CHECK(has(on.page("/errors?ended=1"), ">1 bug fails in 1 way. 1 way is over.</p>"));
}

TEST_CASE("a bug's page says of each list what part it shows, and leads on")
{
    storage::bug_id id{};
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 1);
        id = add_settled(to, "20", now, [](auto& bug) { bug.state = status::fix_released; });
        for (int i = 0; i < 60; ++i)
            to.add_watch(id, {.label = fmt::format("l{:02}", i), .source = "typed"}, now);
        storage::settled_bug one;
        one.after.id = id;
        one.after.last_outcome = outcome::seen;
        one.after.next_check = now + 20h;
        one.changes.push_back({.at = now - 48h, .field = "status", .after = "Confirmed"});
        one.changes.push_back(
            {.at = now - 24h, .field = "status", .before = "Confirmed", .after = "Fix Released"});
        to.in_transaction([&] { to.apply({.from = storage::tracker_id{1}, .at = now, .bugs = {one}}); });
        for (int i = 0; i < 60; ++i)
            to.log_act({.at = now, .bug = id, .field = "check", .after = "1 bug", .actor = "token ci"});
        storage::comment_reading said{.bug = id, .at = now};
        for (int i = 0; i < 31; ++i)
            said.read.push_back(
                {.remote_id = fmt::format("c{}", i), .at = now - 1h, .text = std::string(700, 'x')});
        to.apply_comments(said);
    }};
    auto const path = fmt::format("/bugs/{}", static_cast<std::int64_t>(id));
    auto const html = on.page(path);
    INFO(html);
    CHECK(has(html, "The newest 50 changes, newest first"));
    CHECK(has(html, "<li><bdi>Confirmed</bdi>")); // the history does not end with the page
    CHECK(has(html, "Watched for: 1 to 50 of 61 watches"));
    CHECK(has(html, "1 to 20 of 31 comments, newest first; long ones are shortened"));
    CHECK(has(html, fmt::format("<a href=\"/api/v1{}/comments\">", path)));
    CHECK(has(html, "Check asked for"));
    CHECK(has(on.page(path + "?watches=50"), "Watched for: 51 to 61 of 61 watches"));
    CHECK(has(on.page(path + "?comments=20"), "21 to 31 of 31 comments"));
    auto const at = html.find(path + "?before=");
    REQUIRE(at != html.npos);
    auto const earlier = on.page(html.substr(at, html.find('#', at) - at));
    CHECK(has(earlier, "12 changes before number"));
    CHECK(has(on.page("/trackers/bugs.example.org"), "All 3 bugs, failing ones first"));
}

TEST_CASE("a change has a title, and its words once")
{
    stage on{[&](auto& to, auto now) {
        fill_with_everything(to, now, 1);
        auto const id = add_settled(to, "20", now, [](auto& bug) { bug.state = status::in_progress; });
        storage::settled_bug one;
        one.after.id = id;
        one.after.last_outcome = outcome::seen;
        one.after.next_check = now + 20h;
        one.changes.push_back(
            {.at = now,
             .field = "remote_status",
             .before = "ASSIGNED",
             .after = "QUUX",
             .remote_before = "ASSIGNED",
             .remote_after = "QUUX"});
        to.in_transaction([&] { to.apply({.from = storage::tracker_id{1}, .at = now, .bugs = {one}}); });
    }};
    auto const html = on.page("/changes");
    INFO(html);
    CHECK(has(
        html, "<td>Tracker’s word for the status</td><td><bdi>ASSIGNED</bdi></td><td><bdi>QUUX</bdi></td>"));
    CHECK_FALSE(has(html, "remote_status"));
}

TEST_CASE("the page about the states knows of all that are shown")
{
    stage on;
    auto const about = on.page("/about");
    for (auto const* const said : {"has moved", "was never asked", "not asked about", "half of its bugs"})
        CHECK(has(about, said));
    CHECK(has(on.page("/search?q=zebra"), "a tracker by a part of its name or address"));
}
