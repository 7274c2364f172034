#include "engine/check/settle.hpp"
#include "engine/intake/follow.hpp"
#include "tests/intake/forge_kind.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

using test::forge_kind;
using test::no_client;

struct fixture {
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    asio::io_context loop{1};
    forge_kind const* forge = nullptr; // the registry's
    adapters::registry kinds = test::forge_alone(forge);
    no_client client;
    test::manual_clock time{utc_now()};
    silent_logger log;
    std::unique_ptr<storage::store> store = storage::store::open(path).value();
    std::unique_ptr<storage::reader> read = storage::reader::open(path).value();
    storage::background_reader from{storage::reader::open(path).value()};
    intake::follower follower{
        {.database = path, .from = from, .over = client, .kinds = kinds, .time = time, .log = log}};

    intake::duplicate_policy duplicates = intake::duplicate_policy::own;

    std::vector<result<intake::added_watch>> add(std::string const& url, std::string const& label)
    {
        intake::intake into{*read, *store, kinds, {}, 1h};
        std::vector<intake::wanted_watch> const wanted{
            {.url = url, .what = {.label = label, .source = "typed", .owner = "anna"}}};
        auto fresh = intake::unknown_trackers(*read, kinds, {}, wanted);
        intake::assume_all(fresh);
        return into.add(wanted, std::move(fresh));
    }
    storage::bug_state row(storage::bug_id bug) const { return read->bugs({bug}).at(0); }
    // The bug's tracker says that it moved there; or, without an address, tells of it.
    void check(storage::bug_id bug, std::string const& to = {}, outcome how = outcome::moved)
    {
        auto settled = to.empty()
                           ? check::settle_seen(row(bug), {.words = {.status = "OPEN"}}, {}, {}, time.now())
                           : check::settle_failed(row(bug), how, to, {}, {}, time.now());
        store->in_transaction([&] {
            store->apply({.from = storage::tracker_of(bug), .at = time.now(), .bugs = {std::move(settled)}});
        });
    }
    intake::follow_report round() { return test::run(loop, follower.run({}, 1h, duplicates)).value(); }
    bool follow() { return round().added; }
    std::optional<storage::bug_id> find(std::string const& base, std::string const& id) const
    {
        auto const tracker = read->tracker_by_url(base);
        return tracker ? read->find_bug(tracker->id, id) : std::nullopt;
    }
};

} // namespace

TEST_CASE("follow: watches go to the new place once it has answered, and the old one is left alone")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.add("https://forge.example.org/a/1", "pluma").at(0).value();
    CHECK_FALSE(f.follow());

    f.check(old, "https://forge.example.org/b/7");
    CHECK(f.follow());
    auto const there = f.find("https://forge.example.org/b", "7").value();
    CHECK(f.read->watches(there).size() == 2);
    CHECK(f.read->watches(old).size() == 2);
    CHECK(f.row(old).next_check != storage::never);
    CHECK_FALSE(f.follow()); // it has not answered yet

    f.check(there);
    CHECK_FALSE(f.follow());
    CHECK(f.read->watches(old).empty());
    auto const watches = f.read->watches(there);
    REQUIRE(watches.size() == 2);
    CHECK(watches[0].label == "gedit");
    CHECK(watches[0].owner == "anna");
    CHECK(f.row(old).next_check == storage::never);
    auto const change = f.read->changes(0, 9).back().what;
    CHECK(change.bug == old);
    CHECK(change.field == "moved_to");
    CHECK(change.after == "https://forge.example.org/b/7");
    CHECK(f.read->signatures({}, 9).empty());
    CHECK(f.read->moved_bugs().empty());
}

TEST_CASE("follow: who watches the old address later watches the new one")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.check(old, "https://forge.example.org/b/7");
    f.follow();
    auto const there = f.find("https://forge.example.org/b", "7").value();
    f.check(there);
    f.follow();

    auto const late = f.add("https://forge.example.org/a/1", "late").at(0).value();
    CHECK(late.bug == there);
    CHECK(late.remote_id == "7");
    CHECK(f.read->watches(old).empty());
}

TEST_CASE("follow: where the new place proves to be no tracker of the kind, the watch stays")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    for (auto const* const to : {"https://forge.example.org/closed/7", "no address at all"}) {
        f.check(old, to);
        CHECK_FALSE(f.follow());
        CHECK(f.read->watches(old).size() == 1);
        CHECK(f.row(old).next_check != storage::never);
    }
    CHECK(f.read->trackers().size() == 1);
}

TEST_CASE("follow: a bug that is said to have moved to itself stays")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.check(old);
    f.check(old, "https://forge.example.org/a/1");
    CHECK_FALSE(f.follow());
    CHECK(f.read->watches(old).size() == 1);
    CHECK(f.row(old).next_check != storage::never);
}

TEST_CASE("follow: a place that does not answer for the bug is told once a day and not waited for")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.check(old, "https://forge.example.org/b/7?token=hush");
    CHECK(f.round().waits);
    f.check(f.find("https://forge.example.org/b", "7").value(), "it is private", outcome::forbidden);
    auto const told = f.round();
    CHECK_FALSE(told.waits);
    REQUIRE(told.refusals.size() == 1);
    CHECK_THAT(told.refusals[0], Contains("it is private") && !Contains("hush"));
    CHECK(f.read->watches(old).size() == 1);
    CHECK(f.round().refusals.empty());
    f.time.advance(25h);
    CHECK(f.round().refusals.size() == 1);
}

TEST_CASE("follow: what could not be told is tried again soon, and nobody hears of it")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.check(old, "https://forge.example.org/slow/7");
    CHECK(f.round().refusals.empty());
    CHECK(f.forge->probes == 1);
    f.round();
    CHECK(f.forge->probes == 1);
    f.time.advance(1h);
    f.round();
    CHECK(f.forge->probes == 2);
    CHECK(f.read->watches(old).size() == 1);
}

TEST_CASE("follow: a stranger's host is not asked on a tracker's word")
{
    fixture f;
    auto const old = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    f.check(old, "https://inside.example.net/b/7");
    auto const told = f.round();
    REQUIRE(told.refusals.size() == 1);
    CHECK_THAT(told.refusals[0], Contains("https://inside.example.net/b/7") && Contains("checkwatches add"));
    CHECK(f.forge->probes == 0);
    CHECK(f.read->trackers().size() == 1);

    // Where somebody has added it, the way is open.
    f.add("https://inside.example.net/b/8", "other");
    f.time.advance(25h);
    CHECK(f.follow());
    CHECK(f.find("https://inside.example.net/b", "7"));
}

TEST_CASE("follow: masters of duplicates are watched where that is wanted, up to the longest chain")
{
    fixture f;
    auto bug = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    auto const see_duplicate = [&](storage::bug_id of, int master) {
        sighting said{.words = {.status = "CLOSED"}, .duplicate_of = fmt::format("{}", master)};
        auto settled = check::settle_seen(f.row(of), std::move(said), {}, {}, f.time.now());
        f.store->in_transaction([&] {
            f.store->apply(
                {.from = storage::tracker_of(of), .at = f.time.now(), .bugs = {std::move(settled)}});
        });
    };
    see_duplicate(bug, 2);
    CHECK_FALSE(f.follow());
    CHECK_FALSE(f.find("https://forge.example.org/a", "2"));

    f.duplicates = intake::duplicate_policy::master;
    int last = 1;
    while (f.follow()) {
        ++last;
        auto const next = f.find("https://forge.example.org/a", fmt::format("{}", last));
        REQUIRE(next);
        see_duplicate(*next, last + 1);
        REQUIRE(last < 50);
    }
    CHECK(last == 1 + static_cast<int>(intake::longest_chain));
    auto const watches = f.read->watches(f.find("https://forge.example.org/a", "3").value());
    REQUIRE(watches.size() == 1);
    CHECK(watches[0].label == "gedit");
    CHECK(watches[0].source == "duplicate 2");

    // Another process begins anew, and finds all done.
    auto const before = f.read->additions();
    intake::follower other{
        {.database = f.path,
         .from = f.from,
         .over = f.client,
         .kinds = f.kinds,
         .time = f.time,
         .log = f.log}};
    CHECK_FALSE(test::run(f.loop, other.run({}, 1h, f.duplicates)).value().added);
    CHECK(f.read->additions() == before);

    // One that is watched for one more thing is followed for that too.
    f.add("https://forge.example.org/a/1", "pluma");
    CHECK_FALSE(f.follow());
    CHECK(f.read->watches(f.find("https://forge.example.org/a", "2").value()).size() == 2);
}

TEST_CASE("follow: a duplicate of itself, or of a stranger's bug, leads nowhere")
{
    fixture f;
    f.duplicates = intake::duplicate_policy::master;
    auto const bug = f.add("https://forge.example.org/a/1", "gedit").at(0).value().bug;
    for (auto const* const master : {"1", "https://inside.example.net/b/7"}) {
        sighting said{.words = {.status = "CLOSED"}, .duplicate_of = master};
        auto settled = check::settle_seen(f.row(bug), std::move(said), {}, {}, f.time.now());
        f.store->in_transaction([&] {
            f.store->apply(
                {.from = storage::tracker_of(bug), .at = f.time.now(), .bugs = {std::move(settled)}});
        });
        auto const told = f.round();
        CHECK_FALSE(told.added);
        CHECK(told.refusals.empty()); // show says where it leads
    }
    CHECK(f.forge->probes == 0);
    CHECK(f.read->trackers().size() == 1);
    CHECK(f.read->watches(bug).size() == 1);
}
