#include "storage/chain.hpp"
#include "storage/schema.hpp"
#include "storage/upkeep.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace {

// A file as version 3 left it: two trackers, some changes of their bugs.
void make_version_3(std::string const& path)
{
    sqlite::database db{path, sqlite::access::write};
    db.execute("PRAGMA foreign_keys = ON");
    REQUIRE(migrate(db, path, migrations().first(3)));
    db.execute(R"sql(
        INSERT INTO trackers VALUES (1, 'bugzilla', 'b', 'https://b/', NULL, 5),
            (2, 'trac', 't', 'https://t/', NULL, 6);
        INSERT INTO tracker_aliases VALUES ('https://b/', 1), ('https://t/', 2);
        INSERT INTO bugs (id, tracker_id, remote_id, status, title, last_outcome, checked_at, seen_at, changed_at,
            next_check, run_began, run_checks)
        VALUES (4294967297, 1, '17', 'Fix Released', 'Crash', 'seen', 20, 20, 9, 30, 15, 2),
            (4294967298, 1, '18', NULL, '', NULL, NULL, NULL, NULL, 30, NULL, 0),
            (8589934593, 2, '5', 'Confirmed', 'Hang', 'seen', 20, 20, 9, 30, 15, 2);
        INSERT INTO watches VALUES (4294967297, 'gedit', 'typed', 'anna', 6);
        INSERT INTO changes (id, at, bug_id, field, before, after, remote_before, remote_after, reason)
        VALUES (1, 7, 4294967297, 'status', NULL, 'Confirmed', NULL, 'NEW', ''),
            (2, 8, 8589934593, 'status', NULL, 'Confirmed', NULL, 'new', ''),
            (3, 9, 4294967297, 'status', 'Confirmed', 'Fix Released', 'NEW', 'FIXED', 'mapping');
        INSERT INTO events VALUES (1, 7, 'change', 4294967297, 1), (2, 8, 'change', 8589934593, 2),
            (4, 9, 'change', 4294967297, 3);
    )sql");
}

} // namespace

TEST_CASE("schema 4: the log of an older file keeps its ids and learns its trackers")
{
    scratch here;
    make_version_3(here.path());
    auto const s = open_store(here.path());
    auto const r = open_reader(here.path());
    CHECK(check_database(here.path()).value() == std::vector<std::string>{});

    auto const log = r->changes(0, 99);
    REQUIRE(log.size() == 3);
    CHECK(log[0].what.id == 1);
    CHECK(log[0].what.from == tracker_id{1});
    CHECK(log[0].what.after == "Confirmed");
    CHECK(log[0].what.remote_after == "NEW");
    CHECK(log[1].what.from == tracker_id{2});
    CHECK(log[1].remote_id == "5");
    CHECK(log[2].what.id == 3);
    CHECK(log[2].what.at == utc_time{std::chrono::milliseconds{9}});
    CHECK(log[2].what.before == "Confirmed");
    CHECK(log[2].what.remote_before == "NEW");
    CHECK(log[2].what.reason == "mapping");
    CHECK(log[2].what.actor.empty());
    CHECK(r->list_changes({.of = tracker_id{2}}, 9).size() == 1);
    REQUIRE(r->list_fixed({}, 9).size() == 1);
    CHECK(r->list_fixed({}, 9).front().since == utc_time{std::chrono::milliseconds{9}});
    CHECK(r->list_bugs({.unchecked = true}, 9).size() == 1);
    CHECK(r->list_watches({.owner = "anna"}, 9).size() == 1);

    // The log goes on behind its last id.
    CHECK(s->log_act({.at = at(0), .field = "token", .after = "ci", .actor = "local user anna"}) == 4);
    CHECK(apply(*s, report_with_change(make_bug_id(tracker_id{1}, 2), "x")).front().id == 5);
    CHECK(check_database(here.path()).value().empty());
    // Its chain begins behind what was there.
    auto const later = r->changes(3, 9);
    CHECK(log[2].what.previous == std::nullopt);
    CHECK(later[0].what.previous == std::nullopt);
    CHECK(later[1].what.previous == std::nullopt);
    CHECK(
        apply(*s, report_with_change(make_bug_id(tracker_id{1}, 1), "x")).front().previous
        == hash_of(log[2].what));
    CHECK(r->changes(5, 9).front().what.previous == hash_of(log[2].what));
}

TEST_CASE("schema 4: the new log is append-only, and refers to what there is")
{
    scratch here;
    make_version_3(here.path());
    open_store(here.path());
    CHECK_THROWS_AS(execute(here.path(), "DELETE FROM changes WHERE id = 3"), database_error);
    CHECK_THROWS_AS(execute(here.path(), "UPDATE changes SET after = 'x'"), database_error);
    auto const refused = [&](char const* sql) {
        sqlite::database db{here.path(), sqlite::access::write};
        db.execute("PRAGMA foreign_keys = ON");
        CHECK_THROWS_AS(db.execute(sql), database_error);
    };
    refused("INSERT INTO changes (at, tracker_id, bug_id, field) VALUES (1, 1, 4294967999, 'status')");
    refused("INSERT INTO changes (at, tracker_id, field, actor) VALUES (1, 9, 'pause', 'x')");
    refused("INSERT INTO changes (at, tracker_id, bug_id, field) VALUES (1, 2, 4294967297, 'status')");
    refused("INSERT INTO changes (at, bug_id, field) VALUES (1, 4294967297, 'status')");
    CHECK(
        number(
            here.path(),
            "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%changes_4%' OR sql LIKE '%events_4%'")
        == 0);
}

TEST_CASE("schema 4: a reader does not guess at an older file")
{
    scratch here;
    make_version_3(here.path());
    auto const got = reader::open(here.path());
    REQUIRE(got.has_error());
    CHECK_THAT(
        got.error().message,
        Contains("version 3") && Contains("version " + std::to_string(migrations().size())));
}
