#include "storage/chain.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <functional>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

TEST_CASE("chain: each entry of a bug's log names the one before it")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const ids = add_bugs(*s, "bugs.example.org", 2);
    auto const one = apply(*s, report_with_change(ids[0], "a")).front();
    auto const other = apply(*s, report_with_change(ids[1], "b")).front();
    auto const two = apply(*s, report_with_change(ids[0], "c")).front();
    CHECK(one.previous == std::nullopt);
    CHECK(other.previous == std::nullopt);
    CHECK(two.previous == hash_of(one));
    auto const act = s->log_act({.at = at(3), .bug = ids[0], .field = "check", .actor = "token ci"});
    auto const log = open_reader(here.path())->changes(0, 9);
    REQUIRE(log.size() == 4);
    CHECK(log[3].what.id == act);
    CHECK(log[3].what.previous == hash_of(two));
}

TEST_CASE("chain: the hash is of everything that an entry says")
{
    change const whole{
        .id = 1,
        .at = at(1),
        .from = tracker_id{1},
        .bug = make_bug_id(tracker_id{1}, 1),
        .field = "status",
        .before = "New",
        .after = "Confirmed",
        .remote_before = "UNCO",
        .remote_after = "NEW",
        .reason = "mapping",
        .actor = "x",
        .previous = "00"};
    auto const hash = hash_of(whole);
    CHECK(hash.size() == 40);
    CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(hash_of(whole) == hash);
    std::function<void(change&)> const edits[] = {
        [](change& c) { c.id = 2; },
        [](change& c) { c.at = at(2); },
        [](change& c) { c.from.reset(); },
        [](change& c) { c.bug.reset(); },
        [](change& c) { c.field = "statu"; },
        [](change& c) { c.before.reset(); },
        [](change& c) { c.before = ""; },
        [](change& c) { c.before = "Ne", c.after = "wConfirmed"; },
        [](change& c) { c.after = "confirmed"; },
        [](change& c) { c.remote_before.reset(); },
        [](change& c) { c.remote_after = ""; },
        [](change& c) { c.reason.clear(); },
        [](change& c) { c.actor = "y"; },
        [](change& c) { c.previous.reset(); },
    };
    for (auto const& edit : edits) {
        auto other = whole;
        edit(other);
        CHECK(hash_of(other) != hash);
    }
}
