#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <algorithm>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;

namespace {

std::vector<bug_id> appointments(reader const& r, std::optional<tracker_id> of, bug_id after)
{
    std::vector<bug_id> out;
    r.each_appointment(of, after, [&](appointment const& a) { out.push_back(a.bug); });
    return out;
}

std::vector<bug_id> joined(std::vector<bug_id> a, std::vector<bug_id> const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

TEST_CASE("reader: bugs by their ids")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const b = add_bugs(*s, "b.example.org", 3);
    auto const a = add_bugs(*s, "a.example.org", 2);
    auto const r = open_reader(here.path());
    auto const found = r->bugs({a[1], b[2], make_bug_id(tracker_id{9}, 1), b[0], b[2]});
    REQUIRE(found.size() == 3);
    CHECK(found[0].id == b[0]);
    CHECK(found[1].id == b[2]);
    CHECK(found[1].remote_id == "3");
    CHECK(found[2].id == a[1]);
    CHECK(r->bugs({}).empty());
}

TEST_CASE("reader: bugs to be settled come in the order asked, each where it is settled")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const a = add_bugs(*s, "a.example.org", 4);
    auto const b = add_bugs(*s, "b.example.org", 2);
    apply(*s, report_of({seen(a[2], at(5))}, at(5)));
    auto const r = open_reader(here.path());
    auto const ids = [&](std::vector<bug_id> const& asked) {
        std::vector<bug_id> out;
        for (auto const& one : r->bugs_to_settle(asked))
            out.push_back(one.after.id);
        return out;
    };
    CHECK(ids({a[2], a[0], a[3], a[1]}) == std::vector{a[2], a[0], a[3], a[1]});
    CHECK(ids({b[1], make_bug_id(tracker_id{9}, 1), a[0]}) == std::vector{b[1], a[0]});
    CHECK(ids({a[0], a[1], make_bug_id(tracker_of(a[0]), 5)}) == std::vector{a[0], a[1]});
    CHECK(ids({a[1], b[0], a[1]}) == std::vector{a[1], b[0]}); // each once
    CHECK(ids({}).empty());

    auto const one = r->bugs_to_settle({a[2]}).at(0);
    CHECK(one.after.remote_id == "3");
    CHECK(one.after.checked_at == at(5));
    CHECK(one.changes.empty());
    CHECK_FALSE(one.ended);
}

TEST_CASE("reader: appointments of all bugs, of a tracker's, and of those that came later")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const a = add_bugs(*s, "a.example.org", 3);
    auto const b = add_bugs(*s, "b.example.org", 2);
    apply(*s, report_of({seen(a[1], at(5))}, at(5)));
    auto const r = open_reader(here.path());
    bug_id const none{0};
    CHECK(appointments(*r, std::nullopt, none) == joined(a, b));
    CHECK(appointments(*r, std::nullopt, a[1]) == joined({a[2]}, b));
    CHECK(appointments(*r, tracker_of(a[0]), none) == a);
    CHECK(appointments(*r, tracker_of(b[0]), none) == b);
    CHECK(appointments(*r, tracker_of(b[0]), b[0]) == std::vector{b[1]});
    CHECK(appointments(*r, tracker_of(a[0]), b[0]).empty());
    CHECK(appointments(*r, tracker_of(a[0]), last_bug_id(tracker_of(a[0]))).empty());
    CHECK(appointments(*r, tracker_id{9}, none).empty());

    std::vector<appointment> all;
    r->each_appointment(std::nullopt, none, [&](appointment const& each) { all.push_back(each); });
    CHECK(all[0].next_check == at(0));
    CHECK_FALSE(all[0].checked);
    CHECK(all[1].next_check == at(5) + 24h);
    CHECK(all[1].checked);
}

TEST_CASE("reader: how the bugs of each tracker fare")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const z = add_bugs(*s, "z.example.org", 4);
    auto const empty = add_tracker(*s, "m.example.org").id;
    auto const a = add_bugs(*s, "a.example.org", 1);
    auto failed = next_check({.id = z[1]}, outcome::timeout, "slow", at(20));
    failed.after.next_check = at(50);
    failed.after.seen_at = at(3);
    auto gone = next_check({.id = z[2]}, outcome::not_found, "", at(20));
    auto fine = seen(z[0], at(10));
    apply(*s, report_of({fine, failed, gone}, at(20)));
    s->make_due({z[3]}, at(0));

    auto const r = open_reader(here.path());
    auto const now = at(50);
    auto const all = r->counts(now);
    REQUIRE(all.size() == 3);
    CHECK(all[0].id == tracker_of(a[0]));
    CHECK(all[0].bugs == 1);
    CHECK(all[0].due == 1);
    CHECK(all[0].never_checked == 1);
    CHECK(all[0].failing == 0);
    CHECK(all[0].oldest_due == at(0));
    CHECK_FALSE(all[0].last_seen);
    CHECK(all[1].id == empty);
    CHECK(all[1].bugs == 0);
    CHECK(all[1].due == 0);
    CHECK(all[1].never_checked == 0);
    CHECK_FALSE(all[1].oldest_due);
    CHECK(all[2].id == tracker_of(z[0]));
    CHECK(all[2].bugs == 4);
    CHECK(all[2].due == 2);
    CHECK(all[2].failing == 2);
    CHECK(all[2].never_checked == 1);
    CHECK(all[2].oldest_due == at(0));
    CHECK(all[2].last_seen == at(10));
    CHECK_FALSE(r->counts(at(-1))[2].oldest_due);
    CHECK(r->counts(at(-1))[2].due == 0);
}
