#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t all = 1'000;

struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());

    std::vector<bug_id> bugs(bug_list const& which, std::int64_t limit = all) const
    {
        std::vector<bug_id> out;
        for (auto const& each : r->list_bugs(which, limit))
            out.push_back(each.bug.id);
        return out;
    }
    // "number:label:source" of each.
    std::vector<std::string> watches(watch_list const& which, std::int64_t limit = all) const
    {
        std::vector<std::string> out;
        for (auto const& each : r->list_watches(which, limit))
            out.push_back(fmt::format("{}:{}:{}", each.on.bug.remote_id, each.what.label, each.what.source));
        return out;
    }
    std::vector<std::int64_t> changes(change_list const& which, std::int64_t limit = all) const
    {
        std::vector<std::int64_t> out;
        for (auto const& each : r->list_changes(which, limit))
            out.push_back(each.what.id);
        return out;
    }
    // "number:label" of each.
    std::vector<std::string> fixed(fixed_list const& which = {}, std::int64_t limit = all) const
    {
        std::vector<std::string> out;
        for (auto const& each : r->list_fixed(which, limit))
            out.push_back(fmt::format("{}:{}", each.bug.bug.remote_id, each.label));
        return out;
    }
};

using ids = std::vector<bug_id>;
using texts = std::vector<std::string>;
using numbers = std::vector<std::int64_t>;

// Resolved since then; nothing: when it was first seen.
settled_bug resolved(bug_id id, std::optional<utc_time> since, status how = status::fix_released)
{
    auto out = seen(id, at(1));
    out.after.state = how;
    out.after.changed_at = at(1);
    if (since)
        out.changes.push_back(status_change(*since, "Confirmed", std::string{title(how)}));
    return out;
}

} // namespace

TEST_CASE("listings: bugs by how their last check ended")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 6);
    auto const a = add_bugs(*d.s, "a.example.org", 2);
    apply(
        *d.s,
        report_of(
            {seen(b[0], at(1)),
             next_check({.id = b[1]}, outcome::timeout, "slow", at(1)),
             next_check({.id = b[2]}, outcome::not_found, "", at(1)),
             next_check({.id = b[3]}, outcome::timeout, "slow", at(1))},
            at(1)));
    apply(*d.s, report_of({next_check({.id = a[0]}, outcome::timeout, "slow", at(1))}, at(1)));
    auto const of = tracker_of(b[0]);

    CHECK(d.bugs({}) == ids{b[0], b[1], b[2], b[3], b[4], b[5], a[0], a[1]});
    CHECK(d.bugs({.of = of, .after = b[3]}) == ids{b[4], b[5]});
    CHECK(d.bugs({.after = b[4]}, 2) == ids{b[5], a[0]});
    CHECK(d.bugs({.of = tracker_of(a[0]), .after = b[3]}) == a);
    CHECK(d.bugs({.failing = true}) == ids{b[1], b[2], b[3], a[0]});
    CHECK(d.bugs({.of = of, .failing = true, .after = b[1]}, 1) == ids{b[2]});
    CHECK(d.bugs({.how = outcome::timeout}) == ids{b[1], b[3], a[0]});
    CHECK(d.bugs({.of = of, .how = outcome::seen}) == ids{b[0]});
    CHECK(d.bugs({.how = outcome::seen, .failing = true}).empty());
    CHECK(d.bugs({.of = of, .unchecked = true}) == ids{b[4], b[5]});
    CHECK(d.bugs({.of = tracker_id{9}}).empty());
    CHECK(d.bugs({}, 0).empty());
    CHECK(d.bugs({}, -1).empty());

    auto const signatures = d.r->signatures({.of = of}, all);
    REQUIRE(signatures.size() == 2);
    CHECK(signatures[0].bugs == 2);
    CHECK(d.bugs({.signature = signatures[0].id}) == ids{b[1], b[3]});
    CHECK(d.bugs({.signature = signatures[0].id, .after = b[1]}) == ids{b[3]});
    CHECK(d.bugs({.signature = 99}).empty());
    CHECK(d.r->signature_by_id(signatures[1].id)->how == outcome::not_found);
    CHECK_FALSE(d.r->signature_by_id(99));

    // What is not asked about any more neither fails nor waits.
    d.s->add_watch(b[1], {.label = "gedit", .source = "typed"}, at(2));
    d.s->add_watch(b[4], {.label = "gedit", .source = "typed"}, at(2));
    CHECK(d.s->remove_watch(b[1], "gedit", "typed"));
    CHECK(d.s->remove_watch(b[4], "gedit", "typed"));
    CHECK(d.bugs({.of = of, .failing = true}) == ids{b[2], b[3]});
    CHECK(d.bugs({.of = of, .unchecked = true}) == ids{b[5]});
    CHECK(d.r->counts(at(2))[1].failing == 2);
    CHECK(d.r->counts(at(2))[1].never_checked == 1);
}

TEST_CASE("listings: signatures of all trackers, of one, and those that ended")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 3);
    auto const a = add_bugs(*d.s, "a.example.org", 1);
    auto const fail = [&](bug_id id, outcome how) {
        apply(*d.s, report_of({next_check({.id = id}, how, "x", at(1))}, at(1)));
    };
    fail(b[0], outcome::timeout);
    fail(b[1], outcome::timeout);
    fail(b[2], outcome::not_found);
    fail(a[0], outcome::gone);
    auto const shown = [&](signature_list const& which, std::int64_t limit = all) {
        texts out;
        for (auto const& each : d.r->signatures(which, limit))
            out.push_back(fmt::format("{}:{}:{}", each.tracker[0], word(each.how), each.bugs));
        return out;
    };
    CHECK(shown({}) == texts{"b:timeout:2", "b:not_found:1", "a:gone:1"});
    CHECK(shown({}, 1) == texts{"b:timeout:2"});
    CHECK(shown({.of = tracker_of(a[0])}) == texts{"a:gone:1"});
    auto const row = d.r->bugs({a[0]}).front();
    apply(*d.s, report_of({next_check(row, outcome::seen, "", at(2))}, at(2)));
    CHECK(shown({.of = tracker_of(a[0])}).empty());
    CHECK(shown({}) == texts{"b:timeout:2", "b:not_found:1"});
    CHECK(shown({.of = tracker_of(a[0]), .with_ended = true}) == texts{"a:gone:0"});
    CHECK(shown({.with_ended = true}).size() == 3);
}

TEST_CASE("listings: watches and their bugs by label, owner and source, page by page")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 3);
    auto const a = add_bugs(*d.s, "a.example.org", 1);
    auto const add = [&](bug_id on, char const* label, char const* source, char const* owner) {
        REQUIRE(d.s->add_watch(on, {.label = label, .source = source, .owner = owner}, at(7)));
    };
    add(b[0], "gedit", "file:x", "anna");
    add(b[0], "gedit", "typed", "anna");
    add(b[0], "vim", "typed", "bert");
    add(b[1], "", "typed", "");
    add(b[2], "gedit", "typed", "bert");
    add(a[0], "gedit", "typed", "anna");

    CHECK(
        d.watches({})
        == texts{
            "1:gedit:file:x", "1:gedit:typed", "1:vim:typed", "2::typed", "3:gedit:typed", "1:gedit:typed"});
    CHECK(d.watches({.label = "gedit", .owner = "anna"}).size() == 3);
    CHECK(d.watches({.of = tracker_of(b[0]), .owner = "anna"}) == texts{"1:gedit:file:x", "1:gedit:typed"});
    CHECK(d.watches({.of = tracker_of(a[0])}) == texts{"1:gedit:typed"});
    CHECK(d.watches({.label = ""}) == texts{"2::typed"});
    auto const first = d.r->list_watches({.label = "gedit"}, 1);
    REQUIRE(first.size() == 1);
    CHECK(first[0].created_at == at(7));
    CHECK(first[0].what.owner == "anna");
    CHECK(first[0].on.tracker == "b.example.org");
    CHECK(first[0].on.base_url == "https://b.example.org/");
    CHECK(first[0].on.labels == texts{"gedit", "vim"});

    // Whatever restricts the list, one behind the other is the whole of it.
    for (auto which :
         {watch_list{},
          watch_list{.label = "gedit"},
          watch_list{.owner = "anna"},
          watch_list{.source = "typed"},
          watch_list{.owner = "anna", .source = "typed"},
          watch_list{.label = "gedit", .owner = "anna", .source = "typed"},
          watch_list{.of = tracker_of(b[0]), .source = "typed"}}) {
        auto const whole = d.watches(which);
        texts turned;
        for (auto page = d.r->list_watches(which, 1); !page.empty(); page = d.r->list_watches(which, 1)) {
            auto const& row = page.front();
            turned.push_back(fmt::format("{}:{}:{}", row.on.bug.remote_id, row.what.label, row.what.source));
            which.after = {row.on.bug.id, row.what.label, row.what.source};
            REQUIRE(turned.size() <= whole.size());
        }
        CHECK(turned == whole);
    }

    // A bug is there once, however many of its watches say so.
    CHECK(d.bugs({.label = "gedit"}) == ids{b[0], b[2], a[0]});
    CHECK(d.bugs({.label = "gedit", .after = b[0]}, 1) == ids{b[2]});
    CHECK(d.bugs({.of = tracker_of(b[0]), .label = "gedit"}) == ids{b[0], b[2]});
    CHECK(d.bugs({.owner = "bert"}) == ids{b[0], b[2]});
    CHECK(d.bugs({.label = "gedit", .owner = "bert"}) == ids{b[2]});
    CHECK(d.bugs({.owner = "anna", .source = "file:x"}) == ids{b[0]});
    CHECK(d.bugs({.source = "typed", .unchecked = true}, 2) == ids{b[0], b[1]});
    CHECK(d.bugs({.source = "typed", .failing = true}).empty());
    apply(*d.s, report_of({next_check({.id = b[2]}, outcome::timeout, "slow", at(8))}, at(8)));
    auto const slow = d.r->signatures({}, 1).front().id;
    CHECK(d.bugs({.label = "gedit", .signature = slow}) == ids{b[2]});
    CHECK(d.bugs({.label = "vim", .signature = slow}).empty());
    CHECK(d.r->list_bugs({.label = "vim"}, 1).front().labels == texts{"gedit", "vim"});

    auto const groups = [&](watch_field by, std::string const& after = "", std::int64_t limit = all) {
        texts out;
        for (auto const& each : d.r->watch_groups(by, after, limit))
            out.push_back(fmt::format("{}:{}", each.value, each.watches));
        return out;
    };
    CHECK(groups(watch_field::label) == texts{"gedit:4", "vim:1"});
    CHECK(groups(watch_field::label, "gedit") == texts{"vim:1"});
    CHECK(groups(watch_field::label, "", 1) == texts{"gedit:4"});
    CHECK(groups(watch_field::owner) == texts{"anna:3", "bert:2"});
    CHECK(groups(watch_field::source) == texts{"file:x:1", "typed:5"});
}

TEST_CASE("listings: bugs of any tracker with one number")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 3);
    auto const a = add_bugs(*d.s, "a.example.org", 2);
    auto const found = d.r->bugs_numbered("2", all);
    REQUIRE(found.size() == 2);
    CHECK(found[0].bug.id == b[1]);
    CHECK(found[1].bug.id == a[1]);
    CHECK(d.r->bugs_numbered("2", 1).size() == 1);
    CHECK(d.r->bugs_numbered("9", all).empty());
}

TEST_CASE("listings: changes of all, of a tracker and of a bug, with the acts among them")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 2);
    auto const a = add_bugs(*d.s, "a.example.org", 1);
    apply(*d.s, report_with_change(b[0], "one")); // 1
    apply(*d.s, report_with_change(a[0], "two")); // 2
    CHECK(d.s->log_act({.at = at(3), .field = "token", .after = "ci", .actor = "local user anna"}) == 3);
    CHECK(d.s->log_act({.at = at(4), .from = tracker_of(b[0]), .field = "pause", .actor = "token ci"}) == 4);
    CHECK(d.s->log_act({.at = at(5), .bug = b[0], .field = "check", .actor = "token ci"}) == 5);
    apply(*d.s, report_with_change(b[1], "six")); // 6

    CHECK(d.changes({}) == numbers{6, 5, 4, 3, 2, 1});
    CHECK(d.changes({.before = 4}, 2) == numbers{3, 2});
    CHECK(d.changes({.of = tracker_of(b[0])}) == numbers{6, 5, 4, 1});
    CHECK(d.changes({.of = tracker_of(b[0]), .before = 5}) == numbers{4, 1});
    CHECK(d.changes({.bug = b[0]}) == numbers{5, 1});
    CHECK(d.changes({.of = tracker_of(a[0]), .bug = b[0]}).empty());

    auto const log = d.r->changes(0, all);
    REQUIRE(log.size() == 6);
    CHECK(log[0].what.from == tracker_of(b[0]));
    CHECK(log[0].what.bug == b[0]);
    CHECK(log[0].what.actor.empty());
    CHECK(log[0].remote_id == "1");
    CHECK_FALSE(log[2].what.from);
    CHECK_FALSE(log[2].what.bug);
    CHECK(log[2].what.actor == "local user anna");
    CHECK(log[2].what.after == "ci");
    CHECK(log[2].tracker.empty());
    CHECK(log[2].base_url.empty());
    CHECK(log[3].tracker == "b.example.org");
    CHECK(log[3].remote_id.empty());
    CHECK(log[4].what.from == tracker_of(b[0]));
    CHECK(log[4].remote_id == "1");
    CHECK(d.r->last_change() == 6);
    CHECK_THROWS_AS(d.s->log_act({.at = at(6), .field = "check"}), std::logic_error);
    CHECK_THROWS_AS(d.s->log_act({.at = at(6), .actor = "token ci"}), std::logic_error);
    CHECK(d.r->last_change() == 6);
}

TEST_CASE("listings: labels whose upstream bug is resolved, the newest first")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 7);
    auto const watch = [&](bug_id on, char const* label, char const* source = "typed") {
        d.s->add_watch(on, {.label = label, .source = source}, at(0));
    };
    watch(b[0], "old");
    watch(b[1], "vim", "file:x");
    watch(b[1], "vim", "typed"); // once
    watch(b[1], "gedit");
    watch(b[2], "open");
    watch(b[3], "untold");
    watch(b[4], ""); // no label
    watch(b[5], "wont");
    watch(b[6], "also untold");
    apply(
        *d.s,
        report_of(
            {resolved(b[0], at(-100)),
             resolved(b[1], at(50), status::invalid),
             seen(b[2], at(1)),
             resolved(b[3], std::nullopt),
             resolved(b[4], at(60)),
             resolved(b[5], at(50), status::wont_fix),
             resolved(b[6], std::nullopt)},
            at(1)));
    texts const whole{"2:gedit", "2:vim", "6:wont", "1:old", "4:untold", "7:also untold"};
    CHECK(d.fixed() == whole);
    CHECK(d.fixed({}, 2) == texts{"2:gedit", "2:vim"});
    CHECK(d.fixed({}, 0).empty());
    CHECK(d.r->list_fixed({}, 1).front().since == at(50));
    texts turned;
    std::optional<fixed_key> after;
    for (auto page = d.r->list_fixed({.after = after}, 1); !page.empty();
         page = d.r->list_fixed({.after = after}, 1)) {
        auto const& row = page.front();
        turned.push_back(fmt::format("{}:{}", row.bug.bug.remote_id, row.label));
        after = {row.since.value_or(utc_time{}), row.bug.bug.id, row.label};
        REQUIRE(turned.size() <= whole.size());
    }
    CHECK(turned == whole);
    CHECK(d.fixed({.after = fixed_key{at(50), b[1], "gedit"}}, 2) == texts{"2:vim", "6:wont"});

    SECTION("but for those that were put away, until the bug changes")
    {
        d.s->put_away("vim", b[1], at(2));
        CHECK(d.fixed({}, 2) == texts{"2:gedit", "6:wont"});
        d.s->log_act({.at = at(3), .bug = b[1], .field = "put_away", .actor = "token ci"});
        CHECK(d.fixed({}, 2) == texts{"2:gedit", "6:wont"}); // an act is no change
        apply(*d.s, report_of({resolved(b[1], at(70))}, at(70)));
        CHECK(d.fixed({}, 2) == texts{"2:gedit", "2:vim"});
        d.s->put_away("vim", b[1], at(71));
        CHECK(d.fixed({}, 2) == texts{"2:gedit", "6:wont"});
    }
    SECTION("or are taken back")
    {
        d.s->put_away("vim", b[1], at(2));
        d.s->take_back("vim", b[1]);
        d.s->take_back("vim", b[1]);
        CHECK(d.fixed() == whole);
    }
}

TEST_CASE("listings: a bug is resolved since its status became so, whatever else changes later")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 3);
    for (auto const id : b)
        d.s->add_watch(id, {.label = "vim", .source = "typed"}, at(0));
    apply(
        *d.s,
        report_of({resolved(b[0], at(10)), resolved(b[1], at(20)), resolved(b[2], std::nullopt)}, at(20)));
    CHECK(d.fixed() == texts{"2:vim", "1:vim", "3:vim"});
    auto heavier = resolved(b[0], std::nullopt);
    heavier.after.changed_at = at(90);
    heavier.changes.push_back({.at = at(90), .field = "importance", .before = "Low", .after = "High"});
    apply(*d.s, report_of({heavier}, at(90)));
    CHECK(d.fixed() == texts{"2:vim", "1:vim", "3:vim"});
    CHECK(d.r->list_fixed({}, 9)[1].since == at(10));
    CHECK_FALSE(d.r->list_fixed({}, 9)[2].since);

    // Open again, and resolved otherwise.
    auto open = seen(b[0], at(100));
    open.after.state = status::confirmed;
    open.changes.push_back(status_change(at(100), "Fix Released", "Confirmed"));
    apply(*d.s, report_of({open}, at(100)));
    CHECK(d.fixed() == texts{"2:vim", "3:vim"});
    apply(*d.s, report_of({resolved(b[0], at(110), status::invalid)}, at(110)));
    CHECK(d.fixed() == texts{"1:vim", "2:vim", "3:vim"});
    CHECK(d.r->list_fixed({}, 1).front().since == at(110));
}

TEST_CASE("listings: what is resolved, by how, label and owner")
{
    record d;
    auto const b = add_bugs(*d.s, "b.example.org", 4);
    d.s->add_watch(b[0], {.label = "vim", .source = "file:x", .owner = "anna"}, at(0));
    d.s->add_watch(b[0], {.label = "vim", .source = "typed", .owner = "bert"}, at(0));
    d.s->add_watch(b[1], {.label = "gedit", .source = "typed", .owner = "bert"}, at(0));
    d.s->add_watch(b[2], {.label = "vim", .source = "typed", .owner = "bert"}, at(0));
    d.s->add_watch(b[3], {.label = "vim", .source = "typed"}, at(0));
    auto twin = resolved(b[3], at(40), status::invalid);
    twin.after.duplicate_of = "1";
    apply(
        *d.s,
        report_of(
            {resolved(b[0], at(10)),
             resolved(b[1], at(20), status::wont_fix),
             resolved(b[2], at(30), status::invalid),
             twin},
            at(50)));
    CHECK(d.fixed({.kind = fixed_kind::fixed}) == texts{"1:vim"});
    CHECK(d.fixed({.kind = fixed_kind::wont_fix}) == texts{"2:gedit"});
    CHECK(d.fixed({.kind = fixed_kind::invalid}) == texts{"3:vim"});
    CHECK(d.fixed({.kind = fixed_kind::duplicate}) == texts{"4:vim"});
    CHECK(d.fixed({.label = "vim"}) == texts{"4:vim", "3:vim", "1:vim"});
    CHECK(d.fixed({.label = "vim", .after = fixed_key{at(40), b[3], "vim"}}) == texts{"3:vim", "1:vim"});
    CHECK(d.fixed({.owner = "bert"}) == texts{"3:vim", "2:gedit", "1:vim"});
    CHECK(d.fixed({.label = "vim", .owner = "anna"}) == texts{"1:vim"});
    CHECK(d.fixed({.kind = fixed_kind::fixed, .owner = "nobody"}).empty());
}
