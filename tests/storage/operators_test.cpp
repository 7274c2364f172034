#include "storage/upkeep.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

constexpr std::int64_t all = 1'000;

struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());

    bug_state bug(bug_id id) const { return r->bugs({id}).at(0); }
};

utc_time day(std::int64_t number, std::chrono::milliseconds in_it = 0ms)
{
    return utc_time{std::chrono::days{number}} + in_it;
}

settled_bug ended(bug_id id, outcome how)
{
    return is_success(how) ? seen(id, at(1)) : next_check({.id = id}, how, "x", at(1));
}

using texts = std::vector<std::string>;

texts shown(std::vector<outcome_day> const& days)
{
    texts out;
    for (auto const& each : days)
        out.push_back(fmt::format("{} {} {}", each.day, word(each.how), each.checks));
    return out;
}

texts shown(std::vector<traffic_day> const& days)
{
    texts out;
    for (auto const& each : days)
        out.push_back(fmt::format(
            "{}: {} {} {} {} {}",
            each.day,
            each.passes,
            each.requests,
            each.not_modified,
            each.bytes,
            each.deferrals));
    return out;
}

} // namespace

TEST_CASE("watches: a bug that nobody watches any more is not asked about, until somebody does again")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 2);
    auto const of = tracker_of(b[0]);
    d.s->add_watch(b[0], {.label = "gedit", .source = "typed"}, at(0));
    d.s->add_watch(b[0], {.label = "gedit", .source = "file:x"}, at(0));
    apply(*d.s, report_of({ended(b[0], outcome::timeout), ended(b[1], outcome::timeout)}, at(1)));
    auto const due = d.bug(b[0]).next_check;

    CHECK_FALSE(d.s->remove_watch(b[0], "gedit", "scan:y"));
    CHECK_FALSE(d.s->remove_watch(b[1], "gedit", "typed"));
    CHECK(d.bug(b[1]).next_check != never); // it was not watched before either
    CHECK(d.s->remove_watch(b[0], "gedit", "typed"));
    CHECK(d.bug(b[0]).next_check == due);
    CHECK(d.s->remove_watch(b[0], "gedit", "file:x"));
    CHECK_FALSE(d.s->remove_watch(b[0], "gedit", "file:x"));
    CHECK(d.bug(b[0]).next_check == never);
    CHECK(d.r->signatures({}, all).at(0).bugs == 1);

    // A check that was under way changes nothing, and is not counted.
    auto const before = d.r->outcome_days(of, 0);
    apply(*d.s, report_of({ended(b[0], outcome::seen)}, at(2)));
    CHECK(d.bug(b[0]).last_outcome == outcome::timeout);
    CHECK(shown(d.r->outcome_days(of, 0)) == shown(before));

    CHECK(d.s->add_bug(of, "1", at(9)) == b[0]);
    CHECK(d.bug(b[0]).next_check == at(9));
    CHECK(d.bug(b[0]).failures == 0);
    CHECK(d.s->add_bug(of, "1", at(20)) == b[0]);
    CHECK(d.bug(b[0]).next_check == at(9)); // what is due stays so
    CHECK(check_database(d.here.path()).value().empty());

    SECTION("the last signature ends when it was last seen")
    {
        d.s->add_watch(b[1], {.label = "gedit", .source = "typed"}, at(3));
        CHECK(d.s->remove_watch(b[1], "gedit", "typed"));
        CHECK(d.r->signatures({}, all).empty());
        CHECK(d.r->signatures({.with_ended = true}, all).at(0).ended_at == at(1));
    }
}

TEST_CASE("watches: what moved and what is a link does not become due by being added again")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 2);
    auto const of = tracker_of(b[0]);
    apply(*d.s, report_of({ended(b[0], outcome::moved)}, at(1)));
    d.s->follow_move(b[0], b[1], "https://b.example.org/2", at(2));
    CHECK(d.s->add_bug(of, "1", at(9)) == b[0]);
    CHECK(d.bug(b[0]).next_check == never);

    auto const link = d.s->add_bug(of, "link", never);
    CHECK(d.s->add_bug(of, "link", never) == link);
    CHECK(d.bug(link).next_check == never);
    CHECK(d.r->list_bugs({.unchecked = true}, all).size() == 1);
}

TEST_CASE("counts: how long ago bugs were checked and seen, and how long new ones wait")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 7);
    auto const now = at(1'000'000);
    auto one = seen(b[0], now - 100s);
    auto two = seen(b[1], now - 300s);
    two.after.checked_at = now - 20s;
    two.after.last_outcome = outcome::timeout;
    auto three = next_check({.id = b[2]}, outcome::not_found, "", now + 50s); // the clock was set back
    auto four = seen(b[6], now - 999s);
    apply(*d.s, report_of({one, two, three, four}, now));
    d.s->add_watch(b[6], {.label = "gone", .source = "typed"}, now);
    d.s->remove_watch(b[6], "gone", "typed");
    d.s->add_watch(b[3], {.label = "a", .source = "typed"}, now - 10s);
    d.s->add_watch(b[3], {.label = "b", .source = "typed"}, now - 50s);
    d.s->add_watch(b[4], {.label = "a", .source = "typed"}, now - 30s);
    d.s->add_watch(b[0], {.label = "a", .source = "typed"}, now - 9'999s); // it was checked

    auto const counts = d.r->counts(now).at(0);
    CHECK(counts.bugs == 7);
    CHECK(counts.never_checked == 3);
    CHECK(counts.since_check.n == 3);
    CHECK(counts.since_check.least == 0s);
    CHECK(counts.since_check.mean == 40s);
    CHECK(counts.since_check.greatest == 100s);
    CHECK(counts.since_seen.n == 2);
    CHECK(counts.since_seen.least == 100s);
    CHECK(counts.since_seen.mean == 200s);
    CHECK(counts.since_seen.greatest == 300s);
    CHECK(counts.waits.n == 2);
    CHECK(counts.waits.least == 30s);
    CHECK(counts.waits.mean == 40s);
    CHECK(counts.waits.greatest == 50s);
    auto const empty = add_tracker(*d.s, "a.example.org").id;
    CHECK(d.r->counts(now).at(0).id == empty);
    CHECK(d.r->counts(now).at(0).since_check.n == 0);
    CHECK(d.r->counts(now).at(0).waits.greatest == 0s);
}

TEST_CASE("days: the outcomes of each tracker are counted by the day of their report")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 3);
    auto const a = add_bugs(*d.s, "a.example.org", 1);
    using enum outcome;
    apply(*d.s, report_of({ended(b[0], seen), ended(b[1], timeout), ended(b[2], seen)}, day(20'000)));
    apply(*d.s, report_of({ended(b[0], seen), ended(b[1], gone)}, day(20'001) - 1ms));
    apply(*d.s, report_of({ended(b[0], seen)}, day(20'001)));
    apply(*d.s, report_of({ended(a[0], seen)}, day(20'001, 23h)));
    settled_bug untouched; // without an outcome
    untouched.after = d.bug(a[0]);
    untouched.after.last_outcome.reset();
    apply(*d.s, report_of({untouched}, day(20'001)));

    auto const of = tracker_of(b[0]);
    CHECK(
        shown(d.r->outcome_days(of, 0))
        == texts{"20000 gone 1", "20000 seen 3", "20000 timeout 1", "20001 seen 1"});
    CHECK(shown(d.r->outcome_days(of, 20'001)) == texts{"20001 seen 1"});
    CHECK(shown(d.r->outcome_days({}, 20'001)) == texts{"20001 seen 2"});
    CHECK(d.r->outcome_days({}, 0).size() == 4);
    CHECK(d.r->outcome_days(tracker_id{9}, 0).empty());

    // A report that is rolled back was no check.
    try {
        d.s->in_transaction([&] {
            d.s->apply(report_of({ended(b[0], seen)}, day(20'002)));
            throw std::runtime_error{"broken"};
        });
    }
    catch (std::runtime_error const&) {
    }
    CHECK(d.r->outcome_days({}, 20'002).empty());
}

TEST_CASE("passes: each as it was, the newest first, and what they came to by day")
{
    record d;
    auto const b = add_tracker(*d.s, "b.example.org").id;
    auto const a = add_tracker(*d.s, "a.example.org").id;
    tracker_pass const first{
        .from = b,
        .began = day(20'000, 23h),
        .ended = day(20'001, 1h),
        .asked = 10,
        .failed = 2,
        .changes = 3,
        .requests = 4,
        .not_modified = 1,
        .bytes = 5'000'000'000,
        .deferred = true,
        .trouble = "rate limited",
        .outcomes = {{outcome::seen, 8}, {outcome::bot_wall, 2}}};
    d.s->add_pass(first);
    d.s->add_pass({.from = a, .began = day(20'001), .ended = day(20'001), .requests = 7});
    d.s->add_pass({.from = b, .began = day(20'001), .ended = day(20'001, 2h), .requests = 1, .bytes = 5});

    auto const list = d.r->list_passes({}, all);
    REQUIRE(list.size() == 3);
    CHECK(list[0].id > list[1].id);
    auto const& p = list[2];
    CHECK(p.from == b);
    CHECK(p.tracker == "b.example.org");
    CHECK(p.began == first.began);
    CHECK(p.ended == first.ended);
    CHECK(p.asked == 10);
    CHECK(p.failed == 2);
    CHECK(p.changes == 3);
    CHECK(p.requests == 4);
    CHECK(p.not_modified == 1);
    CHECK(p.bytes == 5'000'000'000);
    CHECK(p.deferred);
    CHECK(p.trouble == "rate limited");
    CHECK(p.outcomes == first.outcomes);
    CHECK(list[0].outcomes.empty());
    CHECK(d.r->list_passes({.of = b}, all).size() == 2);
    CHECK(d.r->list_passes({.of = b}, 1).front().id == list[0].id);
    CHECK(d.r->list_passes({.of = b, .before = list[0].id}, all).front().id == p.id);
    CHECK(d.r->list_passes({.before = list[0].id}, 1).front().from == a);

    CHECK(shown(d.r->traffic_days(b, 0)) == texts{"20001: 2 5 1 5000000005 1"});
    CHECK(shown(d.r->traffic_days({}, 0)) == texts{"20001: 3 12 1 5000000005 1"});
    CHECK(d.r->traffic_days({}, 20'002).empty());
}

TEST_CASE("prune: passes and days go when they are old, a bounded number at a time")
{
    record d;
    auto const bugs = add_bugs(*d.s, "b.example.org", 1);
    auto const other = add_bugs(*d.s, "a.example.org", 1);
    auto const of = tracker_of(bugs[0]);
    for (int i = 0; i != 5; ++i) {
        apply(*d.s, report_of({ended(bugs[0], outcome::seen)}, day(20'000 + i)));
        apply(*d.s, report_of({ended(other[0], outcome::seen)}, day(20'000 + i)));
        d.s->add_pass({.from = of, .began = day(20'000 + i), .ended = day(20'000 + i)});
    }
    retention const keep{.passes = std::chrono::days{2}, .days = std::chrono::days{3}};
    auto const now = day(20'005, 1h);
    // Four passes; of outcomes two days of each tracker, of traffic two of one.
    CHECK(d.s->prune(keep, now, 2) == 2);
    CHECK(d.s->prune(keep, now, 2) == 2);
    CHECK(d.s->prune(keep, now, 100) == 6);
    CHECK(d.s->prune(keep, now, 100) == 0);
    CHECK(d.r->list_passes({}, all).size() == 1);
    CHECK(shown(d.r->outcome_days(of, 0)) == texts{"20002 seen 1", "20003 seen 1", "20004 seen 1"});
    CHECK(d.r->outcome_days(tracker_of(other[0]), 0).size() == 3);
    CHECK(d.r->traffic_days(of, 0).size() == 3);

    // The newest pass stays, so that ids go on growing.
    auto const newest = d.r->list_passes({}, 1).front().id;
    d.s->prune(keep, now + std::chrono::days{1'000}, 100);
    REQUIRE(d.r->list_passes({}, all).size() == 1);
    d.s->add_pass({.from = of, .began = now, .ended = now});
    CHECK(d.r->list_passes({}, 1).front().id == newest + 1);
}

TEST_CASE("tokens: found by their hash until they are revoked, and named once")
{
    record d;
    REQUIRE(
        d.s->add_token({.name = "ci", .right = access_right::operate, .hash = "h1", .created_at = at(1)}));
    REQUIRE(
        d.s->add_token({.name = "board", .right = access_right::read, .hash = "h2", .created_at = at(2)}));
    auto const twice = d.s->add_token({.name = "ci", .hash = "h3", .created_at = at(3)});
    REQUIRE(twice.has_error());
    CHECK(twice.error().kind == error_kind::usage);
    CHECK_THAT(twice.error().message, Contains("ci"));

    auto const all_of_them = d.r->tokens();
    REQUIRE(all_of_them.size() == 2);
    CHECK(all_of_them[0].name == "board");
    CHECK(all_of_them[0].right == access_right::read);
    auto const found = d.r->token_by_hash("h1");
    REQUIRE(found);
    CHECK(found->name == "ci");
    CHECK(found->right == access_right::operate);
    CHECK(found->created_at == at(1));
    CHECK_FALSE(d.r->token_by_hash("h3"));
    CHECK_FALSE(d.r->token_by_hash(""));

    CHECK(d.s->revoke_token("ci", at(5)));
    CHECK_FALSE(d.s->revoke_token("ci", at(6)));
    CHECK_FALSE(d.s->revoke_token("nobody", at(6)));
    CHECK_FALSE(d.r->token_by_hash("h1"));
    CHECK(d.r->tokens()[1].revoked_at == at(5));
    CHECK(d.s->add_token({.name = "ci", .hash = "h4", .created_at = at(7)}).has_error());
}

TEST_CASE("meanings: what was said last of a word holds, until it is taken back")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 1);
    auto const of = tracker_of(b[0]);
    auto const a = add_tracker(*d.s, "a.example.org").id;
    stored_meaning m{
        .from = of,
        .field = "status",
        .key = "PARKED",
        .means = "Deferred",
        .actor = "token ci",
        .at = at(1)};
    d.s->put_meaning(m);
    m.means = "Invalid";
    m.at = at(2);
    d.s->put_meaning(m);
    d.s->put_meaning(
        {.from = a, .field = "importance", .key = "P9", .means = "Low", .actor = "x", .at = at(3)});
    auto const said = d.r->meanings();
    REQUIRE(said.size() == 2);
    CHECK(said[0].tracker == "a.example.org");
    CHECK(said[1].from == of);
    CHECK(said[1].tracker == "b.example.org");
    CHECK(said[1].field == "status");
    CHECK(said[1].key == "PARKED");
    CHECK(said[1].means == "Invalid");
    CHECK(said[1].actor == "token ci");
    CHECK(said[1].at == at(2));
    CHECK(d.s->drop_meaning(of, "status", "PARKED"));
    CHECK_FALSE(d.s->drop_meaning(of, "status", "PARKED"));
    CHECK(d.r->meanings().size() == 1);

    auto settled = seen(b[0], at(1));
    settled.unmapped = {{.field = "status", .word = "PARKED"}, {.field = "status", .word = "OTHER"}};
    apply(*d.s, report_of({settled}, at(1)));
    CHECK(d.r->unmapped().size() == 2);
    d.s->settle_word(of, "status", "PARKED");
    d.s->settle_word(of, "status", "PARKED");
    REQUIRE(d.r->unmapped().size() == 1);
    CHECK(d.r->unmapped()[0].what.word == "OTHER");
}
