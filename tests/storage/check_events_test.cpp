#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <stdexcept>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

// A store that keeps checks, and a reader of it, with two bugs of a tracker.
struct record {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::unique_ptr<reader> r = open_reader(here.path());
    std::vector<bug_id> bugs = add_bugs(*s, "bugs.example.org", 2);

    record() { s->keep_check_events(true); }

    // The next check of the first bug.
    void check(outcome how, std::string detail, utc_time when, std::vector<change> changes = {})
    {
        auto settled = next_check(r->bugs({bugs.front()}).at(0), how, std::move(detail), when);
        settled.changes = std::move(changes);
        apply(*s, report_of({settled}, when));
    }
    std::vector<shown_check_event> all() const { return r->check_events(0, 100); }
    shown_check_event last() const { return all().back(); }
};

} // namespace

TEST_CASE("check events: a check is kept with its report, and says what came before it")
{
    record d;
    auto first = seen(d.bugs.front(), at(100));
    first.changes = {status_change(at(100), "", "Confirmed")};
    apply(*d.s, report_of({first}, at(100)));

    auto const kept = d.all();
    REQUIRE(kept.size() == 1);
    auto const& e = kept.front();
    CHECK(e.what.at == at(100));
    CHECK(e.what.bug == d.bugs.front());
    CHECK(e.what.how == outcome::seen);
    CHECK(e.what.error.empty());
    CHECK_FALSE(e.what.is_duplicate);
    CHECK(e.what.state == status::confirmed);
    CHECK(e.what.weight == importance::medium);
    CHECK_FALSE(e.what.last_checked);
    CHECK(e.what.last_success == at(100));
    CHECK(e.tracker == "bugs.example.org");
    CHECK(e.kind == "bugzilla");
    CHECK(e.base_url == "https://bugs.example.org/");
    CHECK(e.remote_id == "1");
    CHECK(e.title == "Preferences dialog crashes");

    d.check(outcome::timeout, "no answer for 10 s", at(200));
    CHECK(d.last().what.how == outcome::timeout);
    CHECK(d.last().what.error == "no answer for 10 s");
    CHECK(d.last().what.last_checked == at(100));
    CHECK(d.last().what.last_success == at(100));
}

TEST_CASE("check events: one that ended like the one before, and changed nothing, is a duplicate")
{
    record d;
    d.check(outcome::seen, "", at(1));
    CHECK_FALSE(d.last().what.is_duplicate);
    d.check(outcome::seen, "", at(2));
    CHECK(d.last().what.is_duplicate);
    d.check(outcome::unmodified, "", at(3)); // answered for, and as it was
    CHECK(d.last().what.is_duplicate);
    d.check(outcome::seen, "", at(4), {status_change(at(4), "New", "Confirmed")});
    CHECK_FALSE(d.last().what.is_duplicate);
    d.check(outcome::timeout, "slow", at(5));
    CHECK_FALSE(d.last().what.is_duplicate);
    d.check(outcome::timeout, "slow", at(6));
    CHECK(d.last().what.is_duplicate);
    d.check(outcome::timeout, "slower", at(7));
    CHECK_FALSE(d.last().what.is_duplicate);
    d.check(outcome::connect_failed, "slower", at(8));
    CHECK_FALSE(d.last().what.is_duplicate);
    d.check(outcome::seen, "", at(9));
    CHECK_FALSE(d.last().what.is_duplicate);
}

TEST_CASE("check events: none is kept while nobody wants them")
{
    record d;
    d.s->keep_check_events(false);
    d.check(outcome::seen, "", at(1));
    CHECK(d.all().empty());
    d.s->keep_check_events(true);
    d.check(outcome::seen, "", at(2));
    CHECK(d.all().size() == 1);
}

TEST_CASE("check events: what is not applied leaves none")
{
    record d;
    d.check(outcome::seen, "", at(1));
    auto const two = report_of({seen(d.bugs.front(), at(2)), seen(d.bugs.back(), at(2))}, at(2));
    CHECK_THROWS(d.s->in_transaction([&] {
        d.s->apply(two);
        throw std::runtime_error("the disk is full");
    }));
    CHECK(d.all().size() == 1);

    // Nobody watches it any more: it is not to be asked about.
    d.s->add_watch(d.bugs.back(), {.label = "curl", .source = "typed"}, at(0));
    d.s->remove_watch(d.bugs.back(), "curl", "typed");
    apply(*d.s, two);
    REQUIRE(d.all().size() == 2);
    CHECK(d.last().what.bug == d.bugs.front());
}

TEST_CASE("check events: they are read in order, dropped in pieces, and no id is given twice")
{
    record d;
    for (int i = 1; i <= 5; ++i)
        d.check(outcome::seen, "", at(i));
    auto const all = d.all();
    REQUIRE(all.size() == 5);
    auto const part = d.r->check_events(all[1].what.id, 2);
    REQUIRE(part.size() == 2);
    CHECK(part[0].what.id == all[2].what.id);
    CHECK(part[1].what.id == all[3].what.id);

    CHECK(d.s->drop_check_events(all[2].what.id, 2) == 2);
    CHECK(d.all().front().what.id == all[2].what.id);
    CHECK(d.s->drop_check_events(all[2].what.id, 2) == 1);
    CHECK(d.s->drop_check_events(all[4].what.id, 100) == 2);
    CHECK(d.all().empty());
    d.check(outcome::seen, "", at(6));
    CHECK(d.last().what.id > all[4].what.id);
}
