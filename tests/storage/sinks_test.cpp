#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

TEST_CASE("where a sink stands is kept, and replaced")
{
    scratch here;
    auto const to = open_store(here.path());
    auto const in = open_reader(here.path());
    CHECK(in->sinks().empty());
    sink_record const first{.name = "ci", .kind = "webhook", .changes = 5};
    sink_record second{
        .name = "bus",
        .kind = "amqp",
        .changes = 7,
        .checks = 3,
        .delivered = 9,
        .confirmed_at = at(1),
        .failing_since = at(2),
        .tries = 4,
        .trouble = "nobody is there"};
    to->put_sink(first);
    to->put_sink(second);
    CHECK(in->sinks() == std::vector{second, first});
    second.failing_since.reset();
    second.trouble.clear();
    second.changes = 8;
    to->put_sink(second);
    CHECK(in->sinks() == std::vector{second, first});
}

TEST_CASE("parked events stay while their sink moves on, and go with it")
{
    scratch here;
    auto const to = open_store(here.path());
    auto const in = open_reader(here.path());
    to->put_sink({.name = "ci", .kind = "webhook"});
    to->put_sink({.name = "bus", .kind = "amqp"});
    parked_event const change{.sink = "ci", .id = 2, .at = at(3), .tries = 5, .why = "no"};
    parked_event const check{.sink = "ci", .is_check = true, .id = 2, .at = at(4), .tries = 5, .why = "no"};
    to->park(change);
    to->park(check);
    to->park({.sink = "bus", .id = 9, .tries = 1});
    to->put_sink({.name = "ci", .kind = "webhook", .changes = 3});
    auto const ids = [&](std::optional<std::string> const& sink, std::int64_t limit = 10) {
        std::string out;
        for (auto const& one : in->parked(sink, limit))
            out += one.sink + (one.is_check ? " check " : " ") + std::to_string(one.id) + ";";
        return out;
    };
    CHECK(ids(std::nullopt) == "bus 9;ci 2;ci check 2;");
    CHECK(ids("ci") == "ci 2;ci check 2;");
    CHECK(ids("ci", 1) == "ci 2;");
    auto again = check;
    again.tries = 0;
    to->park(again); // what is to be told again stands first
    CHECK(ids("ci") == "ci check 2;ci 2;");
    CHECK(in->parked("ci", 2)[1].why == "no");
    CHECK(in->parked_count("ci") == 2);
    CHECK(in->parked_count("nobody") == 0);
    CHECK(to->unpark(change));
    CHECK_FALSE(to->unpark(change));
    CHECK(ids("ci") == "ci check 2;");
    to->drop_sink("ci");
    CHECK(ids(std::nullopt) == "bus 9;");
    CHECK(in->sinks().size() == 1);
}

TEST_CASE("each database has a number of its own")
{
    scratch here;
    open_store(here.path());
    open_store(here.path("other.db"));
    auto const one = open_reader(here.path())->store_id();
    CHECK(one.size() == 32);
    CHECK(one == open_reader(here.path())->store_id());
    CHECK(one != open_reader(here.path("other.db"))->store_id());
}

TEST_CASE("the newest check event is known, even when it has gone")
{
    scratch here;
    auto const to = open_store(here.path());
    auto const in = open_reader(here.path());
    CHECK(in->last_check_event() == 0);
    auto const bugs = add_bugs(*to, "bugs.example.org", 2);
    to->keep_check_events(true);
    auto checked = seen(bugs[0], at(5));
    checked.after.last_outcome = outcome::seen;
    apply(*to, report_of({checked}, at(5)));
    auto const newest = in->last_check_event();
    CHECK(newest > 0);
    to->drop_check_events(newest, 10);
    CHECK(in->last_check_event() == newest);
}
