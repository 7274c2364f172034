#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

// A store and a reader of one database.
struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
};

} // namespace

TEST_CASE("health: a tracker's state is as at first, then as it was put")
{
    record d;
    auto const of = add_tracker(*d.s, "bugs.example.org").id;
    auto const first = d.r->state_of(of);
    CHECK_FALSE(first.paused);
    CHECK_FALSE(first.tried_at);
    CHECK(first.settings == tracker_settings{});

    tracker_state const full{
        .paused = true,
        .note = "asked us to",
        .tried_at = at(1),
        .succeeded_at = at(2),
        .moved_to = "https://new.example.org/",
        .skew = -700s,
        .settings = {
            .batch = 20,
            .lanes = 2,
            .connections = 3,
            .requests_per_second = 0.25,
            .changed_since = false,
            .comments = true,
            .comments_of = {"Core", "Firefox \"Android\""}}};
    d.s->put_tracker_state(of, full);
    auto const kept = d.r->state_of(of);
    CHECK(kept.paused);
    CHECK(kept.note == "asked us to");
    CHECK(kept.tried_at == at(1));
    CHECK(kept.succeeded_at == at(2));
    CHECK(kept.moved_to == "https://new.example.org/");
    CHECK(kept.skew == -700s);
    CHECK(kept.settings == full.settings);

    d.s->put_tracker_state(of, {});
    CHECK_FALSE(d.r->state_of(of).paused);
    CHECK_FALSE(d.r->state_of(of).skew);
    CHECK(d.r->state_of(of).settings == tracker_settings{});
    CHECK_THROWS_AS(d.s->put_tracker_state(tracker_id{99}, full), database_error);
}

TEST_CASE("health: the watches of a bug that moved follow it, and its failure is over")
{
    record d;
    auto const ids = add_bugs(*d.s, "bugs.example.org", 2);
    d.s->add_watch(ids[0], {.label = "gedit", .source = "typed", .owner = "anna"}, at(1));
    d.s->add_watch(ids[1], {.label = "gedit", .source = "typed"}, at(2));
    auto const moved = next_check(
        d.r->bugs({ids[0]}).at(0), outcome::moved, "https://b.example.org/9", at(3));
    apply(*d.s, report_of({moved}, at(3)));
    REQUIRE(d.r->moved_bugs().size() == 1);
    CHECK(d.r->moved_bugs().front().bug == ids[0]);
    CHECK(d.r->moved_bugs().front().url == "https://b.example.org/9");
    CHECK(d.r->signatures({}, 9).size() == 1);

    d.s->follow_move(ids[0], ids[1], "https://b.example.org/9", at(4));
    CHECK(d.r->moved_bugs().empty());
    CHECK(d.r->watches(ids[0]).empty());
    REQUIRE(d.r->watches(ids[1]).size() == 1);
    CHECK(d.r->signatures({}, 9).empty());
    CHECK(d.r->signatures({.with_ended = true}, 9).front().ended_at == at(4));
    CHECK(d.r->counts(at(99'999)).front().failing == 0);
    CHECK(d.r->counts(at(99'999)).front().due == 1);
    // What was under way when they left comes too late.
    auto late = d.r->bugs({ids[0]}).at(0);
    late.next_check = at(100);
    apply(*d.s, report_of({next_check(late, outcome::moved, "https://b.example.org/9", at(5))}, at(5)));
    CHECK(d.r->signatures({}, 9).empty());
    d.s->make_due(ids, at(5));
    CHECK(d.r->bugs({ids[0]}).at(0).next_check == never);
    CHECK(d.r->changes(0, 9).back().what.field == "moved_to");
}

TEST_CASE("health: a tracker moves, and its old address leads to it")
{
    record d;
    auto const of = add_tracker(*d.s, "bugs.example.org").id;
    auto const other = add_tracker(*d.s, "other.example.org");
    REQUIRE(d.s->move_tracker(of, "https://new.example.org/"));
    auto const moved = d.r->tracker_by_name("bugs.example.org").value();
    CHECK(moved.id == of);
    CHECK(moved.base_url == "https://new.example.org/");
    CHECK(d.r->tracker_by_url("https://bugs.example.org/").value().id == of);
    CHECK(d.r->tracker_by_url("https://new.example.org/").value().id == of);

    auto const refused = d.s->move_tracker(of, other.base_url);
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::usage);
    CHECK_THAT(refused.error().message, Contains("other.example.org"));
    CHECK(d.r->tracker_by_name("bugs.example.org").value().base_url == "https://new.example.org/");
    REQUIRE(d.s->move_tracker(of, "https://bugs.example.org/")); // and back
    CHECK(d.r->tracker_by_name("bugs.example.org").value().base_url == "https://bugs.example.org/");
}

TEST_CASE("health: breakers are put, replaced and dropped by their scope")
{
    record d;
    CHECK(d.r->breakers().empty());
    d.s->put_breaker({.scope = "tracker 17", .failures = 1, .how = outcome::timeout});
    d.s->put_breaker(
        {.scope = "https://b.example.org",
         .failures = 5,
         .failed_at = at(1),
         .open_until = at(2),
         .announced = true,
         .how = outcome::rate_limited,
         .detail = "429"});
    d.s->put_breaker({.scope = "tracker 17", .failures = 2, .how = outcome::maintenance});
    auto const kept = d.r->breakers();
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].scope == "https://b.example.org");
    CHECK(kept[0].failures == 5);
    CHECK(kept[0].failed_at == at(1));
    CHECK(kept[0].open_until == at(2));
    CHECK(kept[0].announced);
    CHECK(kept[0].how == outcome::rate_limited);
    CHECK(kept[0].detail == "429");
    CHECK(kept[1].failures == 2);
    CHECK(kept[1].how == outcome::maintenance);
    CHECK_FALSE(kept[1].announced);
    d.s->drop_breaker("tracker 17");
    d.s->drop_breaker("never there");
    CHECK(d.r->breakers().size() == 1);
}

TEST_CASE("health: validators come with the report, by tracker and URL")
{
    record d;
    auto const a = add_bugs(*d.s, "a.example.org", 1);
    auto const b = add_bugs(*d.s, "b.example.org", 1);
    auto r = report_of({seen(a[0], at(1))}, at(1));
    r.validators = {
        {"https://a/1", "\"x\"", "", at(1)}, {"https://a/2", "", "Sun, 06 Nov 1994 08:49:37 GMT", at(1)}};
    apply(*d.s, r);
    auto other = report_of({seen(b[0], at(1))}, at(1));
    other.validators = {{"https://a/1", "W/\"b\"", "", at(1)}};
    apply(*d.s, other);
    r.validators = {{"https://a/1", "\"y\"", "", at(5)}};
    apply(*d.s, r);

    auto const kept = d.r->validators_of(tracker_of(a[0]), {"https://a/2", "https://a/1", "https://a/3"});
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].url == "https://a/1");
    CHECK(kept[0].etag == "\"y\"");
    CHECK(kept[0].at == at(5));
    CHECK(kept[1].last_modified == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(d.r->validators_of(tracker_of(b[0]), {"https://a/1"}).at(0).etag == "W/\"b\"");
    CHECK(d.r->validators_of(tracker_of(a[0]), {}).empty());
}

TEST_CASE("health: incidents begin and end, newest first")
{
    record d;
    auto const first = d.s->begin_incident({.kind = "offline", .began = at(1), .detail = "no host answers"});
    auto const second = d.s->begin_incident({.kind = "clock_step", .began = at(2), .ended = at(2)});
    CHECK(first != second);
    d.s->end_incident(first, at(9));
    d.s->end_incident(first, at(10)); // it is over
    auto const kept = d.r->incidents(9);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].kind == "clock_step");
    CHECK(kept[0].ended == at(2));
    CHECK(kept[1].id == first);
    CHECK(kept[1].began == at(1));
    CHECK(kept[1].ended == at(9));
    CHECK(kept[1].detail == "no host answers");
    CHECK(d.r->incidents(1).size() == 1);
}

TEST_CASE("health: the engine's life, and the last commit over all of them")
{
    record d;
    auto const bug = add_bugs(*d.s, "bugs.example.org", 1).front();
    CHECK_FALSE(d.r->engine());
    apply(*d.s, report_of({seen(bug, at(1))}, at(1))); // without an engine: nothing to keep it in
    CHECK_FALSE(d.r->engine());

    d.s->begin_engine({.pid = 42, .version = "1.2", .started_at = at(2)});
    auto const begun = d.r->engine().value();
    CHECK(begun.pid == 42);
    CHECK(begun.version == "1.2");
    CHECK(begun.started_at == at(2));
    CHECK_FALSE(begun.stopped_at);
    CHECK_FALSE(begun.committed_at);
    apply(*d.s, report_of({seen(bug, at(3))}, at(3)));
    CHECK(d.r->engine()->committed_at == at(3));
    d.s->end_engine(at(4));
    CHECK(d.r->engine()->stopped_at == at(4));

    d.s->begin_engine({.pid = 43, .version = "1.3", .started_at = at(5)});
    CHECK(d.r->engine()->pid == 43);
    CHECK_FALSE(d.r->engine()->stopped_at);
    CHECK(d.r->engine()->committed_at == at(3));
}

TEST_CASE("health: additions grow with what was really added, and not with what was taken back")
{
    record d;
    CHECK(d.r->additions() == 0);
    auto const of = add_tracker(*d.s, "bugs.example.org").id;
    CHECK(d.r->additions() == 1);
    CHECK(d.s->add_tracker({.kind = "trac", .name = "bugs.example.org"}).has_error());
    CHECK(d.r->additions() == 1);
    d.s->add_bug(of, "1", at(0));
    d.s->add_bug(of, "1", at(0));
    CHECK(d.r->additions() == 2);
    CHECK_THROWS(d.s->in_transaction([&] {
        d.s->add_bug(of, "2", at(0));
        throw std::runtime_error{"no"};
    }));
    CHECK(d.r->additions() == 2);
    open_store(d.here.path())->add_bug(of, "3", at(0)); // another process
    CHECK(d.r->additions() == 3);
}

TEST_CASE("health: bugs are made due, and nothing else of them moves")
{
    record d;
    auto const ids = add_bugs(*d.s, "bugs.example.org", 3);
    auto failing = seen(ids[0], at(1));
    failing.after.failures = 7;
    apply(*d.s, report_of({failing, seen(ids[1], at(1))}, at(1)));
    d.s->make_due({ids[0], ids[2], make_bug_id(tracker_id{9}, 9)}, at(100));
    auto const kept = d.r->bugs(ids);
    CHECK(kept[0].next_check == at(100));
    CHECK(kept[0].failures == 0);
    CHECK(kept[0].title == failing.after.title);
    CHECK(kept[1].next_check == at(1) + 24h);
    CHECK(kept[2].next_check == at(0)); // overdue already
    d.s->make_due({}, at(0));
    CHECK(d.r->bugs(ids)[1].next_check == at(1) + 24h);
}

TEST_CASE("health: what is old goes, a bounded number at a time, and changes stay")
{
    record d;
    auto const ids = add_bugs(*d.s, "bugs.example.org", 30);
    auto const day = std::chrono::milliseconds{24h}.count();
    for (std::size_t i = 0; i != ids.size(); ++i) {
        auto const when = at(static_cast<std::int64_t>(i) * day);
        auto const fails = next_check(d.r->bugs({ids[i]}).at(0), outcome::timeout, "slow", when);
        auto works = next_check(fails.after, outcome::seen, "", when + 1h);
        works.changes.push_back(status_change(when, "New", "Confirmed"));
        auto r = report_of({fails, works}, when + 1h);
        r.validators.push_back({fmt::format("https://a/{}", i), "\"x\"", "", when});
        apply(*d.s, r);
        d.s->end_incident(d.s->begin_incident({.kind = "offline", .began = when}), when);
    }
    d.s->begin_incident({.kind = "offline", .began = at(0)}); // it goes on
    auto const rows = [&](char const* table) {
        return number(d.here.path(), fmt::format("SELECT count(*) FROM {}", table).c_str());
    };
    retention const keep{
        .checks = 24h * 10, .signatures = 24h * 10, .validators = 24h * 10, .incidents = 24h * 10};
    auto const now = at(29 * day);
    CHECK(d.s->prune({}, now, 1000) == 0);
    CHECK(d.s->prune(keep, now, 0) == 0);
    CHECK(d.s->prune(keep, now, 7) == 7);
    CHECK(rows("check_runs") == 23);
    CHECK(rows("validators") == 30);
    CHECK(d.r->runs(ids[0]).size() == 1); // the oldest went first
    CHECK(d.r->runs(ids[29]).size() == 2);
    // 12 runs, 19 validators and 19 incidents are left; the signature ended today.
    CHECK(d.s->prune(keep, now, 20) == 20);
    CHECK(d.s->prune(keep, now, 1000) == 19 * 3 - 27);
    CHECK(rows("check_runs") == 11);
    CHECK(rows("validators") == 11);
    CHECK(rows("incidents") == 12);
    CHECK(rows("signatures") == 1);
    CHECK(d.s->prune(keep, now, 1000) == 0);

    CHECK(d.s->prune(keep, now + 24h * 11, 1000) == 11 * 3 + 1);
    CHECK(rows("signatures") == 0);
    CHECK(d.r->incidents(9).size() == 1);
    CHECK(d.r->last_change() == 30);
    CHECK(rows("changes") == 30);
    CHECK(rows("bugs") == 30);
}
