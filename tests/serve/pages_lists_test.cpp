#include "engine/core/url.hpp"
#include "engine/serve/web/sift.hpp"
#include "engine/serve/web/sift_changes.hpp"
#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

namespace {

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

struct told {
    std::string remote_id{};
    std::string word{};
    std::optional<status> state{};
    std::string label{};
    std::string owner{};
};

// A tracker with bugs that said this when they were seen.
void fill(storage::store& to, utc_time now, std::string const& name, std::vector<told> const& all)
{
    auto const at = to.add_tracker(
        {.kind = "bugzilla", .name = name, .base_url = "https://" + name + "/", .created_at = now});
    REQUIRE(at);
    storage::report what{.from = at->id, .at = now};
    for (auto const& one : all) {
        auto const id = to.add_bug(at->id, one.remote_id, now);
        to.add_watch(id, {.label = one.label, .source = "typed", .owner = one.owner}, now);
        storage::settled_bug bug;
        bug.after.id = id;
        bug.after.words.status = one.word;
        bug.after.state = one.state;
        bug.after.last_outcome = outcome::seen;
        bug.after.checked_at = now;
        bug.after.seen_at = now;
        bug.after.next_check = now + 20h;
        bug.changes.push_back(
            {.at = now,
             .field = "status",
             .after = std::string{title(*one.state)},
             .remote_after = one.word});
        if (one.word == "QUUX")
            bug.unmapped.push_back({.field = "status", .word = one.word});
        what.bugs.push_back(std::move(bug));
    }
    to.in_transaction([&] { to.apply(what); });
}

void fill_two(storage::store& to, utc_time now)
{
    fill(
        to,
        now,
        "kde.example.org",
        {{"1", "NEW", status::new_, "plasma", "anna"},
         {"2", "QUUX", status::in_progress, "plasma", "bert"},
         {"3", "QUUX", status::confirmed, "kwin", "anna"}});
    fill(to, now, "gnome.example.org", {{"7", "QUUX", status::confirmed, "shell", "anna"}});
}

// Bug 1 of the first tracker goes on to Confirmed, and somebody pauses the second.
void go_on(storage::store& to, utc_time now)
{
    storage::settled_bug bug;
    bug.after.id = storage::make_bug_id(storage::tracker_id{1}, 1);
    bug.after.state = status::confirmed;
    bug.after.last_outcome = outcome::seen;
    bug.after.checked_at = now;
    bug.after.seen_at = now;
    bug.after.next_check = now + 20h;
    bug.changes = {
        {.at = now,
         .field = "status",
         .before = "New",
         .after = "Confirmed",
         .remote_before = "NEW",
         .remote_after = "VERIFIED"},
        {.at = now,
         .field = "importance",
         .before = "Low",
         .after = "High",
         .remote_before = "P5",
         .remote_after = "P1"}};
    storage::report what{.from = storage::tracker_id{1}, .at = now};
    what.bugs.push_back(std::move(bug));
    to.in_transaction([&] { to.apply(what); });
    to.log_act(
        {.at = now,
         .from = storage::tracker_id{2},
         .field = "pause",
         .after = "moving house",
         .actor = "token ci"});
}

} // namespace

TEST_CASE("bugs are found by what no index knows: due, late, status, importance")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now, 7); }};
    on.count();
    auto const tracker = on.page("/trackers/bugs.example.org");
    CHECK(has(tracker, "<a href=\"/bugs?tracker=bugs.example.org&amp;due=1\">1</a>"));
    CHECK(has(on.page("/trackers"), "<a href=\"/bugs?tracker=bugs.example.org&amp;due=1\">1</a>"));
    CHECK(has(on.page("/bugs?tracker=bugs.example.org&due=1"), "<caption>1 bug</caption>"));
    CHECK(has(on.page("/bugs?due=1"), "Bugs whose next check has come: 1 bug."));
    CHECK(has(on.page("/bugs?late=1"), "<caption>2 bugs</caption>"));
    CHECK(has(on.page("/bugs?late=1&failing=1"), "<caption>2 bugs</caption>"));
    CHECK(has(on.page("/bugs?status=Fix+Released"), "<caption>7 bugs</caption>"));
    CHECK(has(on.page("/bugs?status=New"), "No bug that are New."));
    CHECK(has(on.page("/bugs?importance=High"), "<caption>7 bugs</caption>"));
    for (auto const target : {"/bugs?status=Blue", "/bugs?importance=Blue", "/bugs?word=QUUX"})
        CHECK(on.get(target).status == 400);
    auto const watches = on.page("/watches");
    CHECK(has(watches, "<a href=\"/watches?label=kde-session\">1</a>"));
    CHECK(has(on.page("/watches?label=kde-session"), "<caption>1 watch</caption>"));
}

TEST_CASE("the queue says how many bugs have a word, leads to them, and prints the line that settles it")
{
    stage on{fill_two};
    auto const queue = on.page("/queue");
    CHECK(has(queue, "<a href=\"/bugs?tracker=kde.example.org&amp;field=status&amp;word=QUUX\">2</a>"));
    CHECK(has(queue, "<a href=\"/bugs?tracker=gnome.example.org&amp;field=status&amp;word=QUUX\">1</a>"));
    CHECK(has(queue, "map.&quot;kde.example.org&quot;.status.&quot;QUUX&quot; = &quot;&quot;"));
    CHECK(has(queue, "What is given here wins over the configuration."));
    auto const bugs = on.page("/bugs?tracker=kde.example.org&field=status&word=QUUX");
    CHECK(has(bugs, "<caption>2 bugs</caption>"));
    CHECK(has(bugs, ">2</a>"));
    CHECK_FALSE(has(bugs, "\"id\" href=\"/bugs/4294967297\""));
    CHECK(has(on.page("/bugs?tracker=kde.example.org&field=importance&word=QUUX"), "No bug"));
    auto const address = "/queue?tracker=kde.example.org&field=status&word=QUUX&means=Triaged";
    CHECK(has(on.page(address), "as an operator to see what it would change"));
    auto const preview = on.page(address, stage::operator_());
    CHECK(has(preview, "In Progress → Triaged"));
}

TEST_CASE("the log is read by label, owner and kind")
{
    stage on{fill_two};
    on.change(go_on);
    auto const rows = [&](std::string const& query) {
        auto const html = on.page("/changes" + query);
        auto const from = html.find("<caption>");
        return from == html.npos ? "none" : html.substr(from + 9, html.find("</caption>") - from - 9);
    };
    CHECK(rows("") == "7 changes");
    CHECK(rows("?kind=changes") == "2 changes");
    CHECK(rows("?kind=statuses") == "1 change of a status");
    CHECK(rows("?kind=acts") == "1 act");
    CHECK(rows("?label=plasma") == "4 changes");
    CHECK(rows("?label=plasma&kind=changes") == "2 changes");
    CHECK(rows("?owner=anna") == "5 changes");
    CHECK(rows("?label=plasma&owner=bert") == "1 change");
    CHECK(rows("?label=kwin&kind=changes") == "none");
    CHECK(rows("?tracker=gnome.example.org") == "2 changes");
    CHECK(on.get("/changes?kind=colour").status == 400);
    CHECK(has(on.page("/changes"), "<bdi>first seen</bdi>"));
    CHECK(has(on.page("/watches?label=plasma"), "<a href=\"/changes?label=plasma&amp;kind=changes\">"));
    // What is new is not drowned.
    auto const overview = on.page("/");
    CHECK(has(overview, "<bdi>Confirmed</bdi>"));
    CHECK_FALSE(has(overview, "first seen"));
    CHECK_FALSE(has(overview, "moving house"));
}

TEST_CASE("a tracker's page draws its changes by day, and says which days it does not know")
{
    stage on{[](auto& to, auto now) {
        fill(to, now - 49h, "kde.example.org", {{"1", "NEW", status::new_, "plasma", "anna"}});
        fill(to, now - 49h, "gnome.example.org", {});
        go_on(to, now);
    }};
    auto const html = on.page("/trackers/kde.example.org");
    // The first sighting is none of them, and the tracker is known since the fourth last day.
    CHECK(has(html, "Changes a day, 30 days, without first sightings. 2 changes, most of them on"));
    std::size_t bars = 0;
    for (auto at = html.find("<rect"); at != html.npos; at = html.find("<rect", at + 1))
        ++bars;
    CHECK(bars == 4);
    CHECK(has(html, "width=\"16\" height=\"100.0\""));
    CHECK(has(html, "<a href=\"/changes?tracker=kde.example.org&amp;kind=changes\">"));
}

TEST_CASE("the overview says how trackers stand, how fast it goes, and when it was started")
{
    stage on{[](auto& to, auto now) {
        fill_with_everything(to, now);
        storage::tracker_pass const last{
            .from = storage::tracker_id{1},
            .began = now - 2min,
            .ended = now - 1min,
            .asked = 120,
            .requests = 6};
        to.add_pass(last);
    }};
    on.count();
    auto const html = on.page("/");
    CHECK(has(html, "<a href=\"/trackers?state=moved\"><span class=\"mark unknown\">? 1 moved</span></a>"));
    CHECK(
        has(html, "<a href=\"/trackers?state=failing\"><span class=\"mark failing\">✗ 1 failing</span></a>"));
    CHECK(has(on.page("/trackers?state=failing"), "<caption>1 tracker;"));
    CHECK(has(on.page("/trackers?state=fine"), "0 trackers of 2 “fine”."));
    CHECK(has(html, "2.0 checks and 0.1 requests a minute in the last hour."));
    CHECK(
        has(html,
            "1 tracker is being asked; <a href=\"/bugs?due=1\">20 bugs are due</a>, 3 of them being asked, 7 "
            "put off"));
    CHECK(has(html, "checkwatches was started"));
    CHECK(has(html, "version 0.1.0"));
}

TEST_CASE("a tracker's page says how much it may be asked, and what its host leaves")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now); }};
    on.commands.limits = {
        {"connections", 2},
        {"connections_in_use", 1},
        {"lanes", 3},
        {"requests_per_second", 0.5},
        {"wait_s", 4},
        {"announced",
         {{"remaining", 58},
          {"limit", 60},
          {"reset", format_time(on.time.now() + 1h)},
          {"said_at", format_time(on.time.now() - 10s)}}}};
    auto const html = on.page("/trackers/bugs.example.org");
    CHECK(
        has(html,
            "2 connections at most (1 in use), 3 batches at a time, 0.5 requests a second; the next request "
            "waits 4 s"));
    CHECK(has(html, "58 requests left of 60"));
    CHECK(has(html, ">10 s ago</time>, until <time"));
}

TEST_CASE("how many errors, words and fixed bugs there are stands beside the way to them")
{
    stage on{[](auto& to, auto now) { fill_with_everything(to, now, 7); }};
    CHECK_FALSE(has(on.page("/"), "Errors <small>"));
    on.count();
    on.time.advance(2s);
    auto const html = on.page("/");
    CHECK(has(html, "<a href=\"/errors\">Errors <small>1</small></a>"));
    CHECK(has(html, "<a href=\"/queue\">Queue <small>1</small></a>"));
    CHECK(has(html, "<a href=\"/fixed\">Fixed upstream <small>7</small></a>"));
    CHECK(has(html, "id=\"live-pulse\"><a href=\"/bugs?due=1\">"));

    stage many{[](auto& to, auto now) { fill_with_long_rows(to, now); }};
    many.count();
    CHECK(has(many.page("/"), "Fixed upstream <small>99+</small>"));
}

TEST_CASE("looking for bugs ends after so many, and goes on from there")
{
    int const bugs = static_cast<int>(most_sifted) + 50;
    checkwatches::test::temporary_folder folder;
    auto const path = folder.file("record.db");
    plain_lore const known;
    utc_time const now{24h * 20'000};
    {
        auto store = storage::store::open(path).value();
        auto const at = store->add_tracker(
            {.kind = "trac", .name = "a", .base_url = "https://a.org/", .created_at = now});
        REQUIRE(at);
        store->in_transaction([&] {
            for (int i = 1; i <= bugs; ++i)
                store->add_bug(at->id, std::to_string(i), i <= 3 || i == bugs ? now : now + 1h);
        });
    }
    auto const in = storage::reader::open(path).value();
    auto const first = sift(*in, known, {}, {.due = true}, now, 2);
    CHECK(first.bugs.size() == 2);
    CHECK_FALSE(first.is_cut);
    REQUIRE(first.next);
    auto const second = sift(*in, known, {.after = first.next}, {.due = true}, now, 2);
    CHECK(second.bugs.size() == 1);
    CHECK(second.is_cut);
    REQUIRE(second.next);
    auto const third = sift(*in, known, {.after = second.next}, {.due = true}, now, 2);
    REQUIRE(third.bugs.size() == 1);
    CHECK(third.bugs.front().bug.remote_id == std::to_string(bugs));
    CHECK_FALSE(third.next);
    // Without a sieve it is the list as it is.
    auto const plain = sift(*in, known, {}, {}, now, 500);
    CHECK(plain.bugs.size() == 500);
    CHECK(plain.next == plain.bugs.back().bug.id);
    CHECK_FALSE(plain.is_cut);
}

TEST_CASE("looking for changes ends after so many, and goes on from there")
{
    stage on{[](auto& to, auto now) {
        fill_two(to, now);
        to.in_transaction([&] {
            for (int i = 0; i < most_sifted_changes; ++i)
                to.log_act(
                    {.at = now, .from = storage::tracker_id{2}, .field = "pause", .actor = "token ci"});
        });
    }};
    auto const newest = on.page("/changes?label=plasma");
    CHECK(has(newest, "Nothing here."));
    std::string next;
    for (auto const& link : links_of(newest))
        if (has(link, "before="))
            next = link;
    CHECK(next == "/changes?label=plasma&before=5");
    CHECK(has(on.page(next), "<caption>2 changes</caption>"));
}
