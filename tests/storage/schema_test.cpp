#include "storage/schema.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <array>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::array<char const*, 3> steps{
    "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);",
    "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'second';",
    "CREATE TABLE b (z INTEGER) STRICT; UPDATE a SET x = x + 10;",
};

result<void> migrate_to(sqlite::database& db, std::size_t version)
{
    return migrate(db, "record.db", std::span{steps}.first(version));
}

} // namespace

TEST_CASE("schema: an older file is brought up step by step and keeps its rows")
{
    scratch here;
    sqlite::database db{here.path(), sqlite::access::write};
    REQUIRE(migrate_to(db, 1));
    CHECK(db.number("PRAGMA user_version") == 1);
    CHECK(db.number("PRAGMA application_id") == application_id);

    REQUIRE(migrate_to(db, 3));
    CHECK(db.number("PRAGMA user_version") == 3);
    CHECK(db.number("SELECT count(*) FROM a WHERE x = 11 AND y = 'second'") == 1);

    REQUIRE(migrate_to(db, 3)); // once more: nothing is done twice
    CHECK(db.number("SELECT x FROM a") == 11);
}

TEST_CASE("schema: a migration that fails leaves the older file as it was")
{
    scratch here;
    sqlite::database db{here.path(), sqlite::access::write};
    REQUIRE(migrate_to(db, 1));
    std::array<char const*, 3> const broken{steps[0], steps[1], "CREATE TABLE b (z INTEGER); SELECT broken;"};
    CHECK_THROWS_AS(migrate(db, "record.db", broken), database_error);
    CHECK(db.number("PRAGMA user_version") == 1);
    CHECK(db.number("SELECT count(*) FROM pragma_table_info('a')") == 1);
    CHECK(db.number("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 0);
    REQUIRE(migrate_to(db, 3));
}

TEST_CASE("schema: what is newer or another program's is not migrated")
{
    scratch here;
    sqlite::database db{here.path(), sqlite::access::write};
    REQUIRE(migrate_to(db, 3));
    auto const newer = migrate_to(db, 2);
    REQUIRE(newer.has_error());
    CHECK_THAT(newer.error().message, Contains("version 3") && Contains("up to 2"));

    sqlite::database theirs{here.path("theirs.db"), sqlite::access::write};
    theirs.execute("CREATE TABLE notes (text TEXT)");
    auto const foreign = migrate_to(theirs, 3);
    REQUIRE(foreign.has_error());
    CHECK_THAT(foreign.error().message, Contains("another program"));
    CHECK(theirs.number("SELECT count(*) FROM sqlite_schema") == 1);
}

TEST_CASE("schema: a file of version 1 becomes one of today and keeps everything")
{
    scratch here;
    {
        sqlite::database db{here.path(), sqlite::access::write};
        REQUIRE(migrate(db, here.path(), migrations().first(1)));
        db.execute(R"sql(
            INSERT INTO trackers VALUES (1, 'bugzilla', 'b', 'https://b/', NULL, 5);
            INSERT INTO tracker_aliases VALUES ('https://b/', 1);
            INSERT INTO bugs (id, tracker_id, remote_id, status, title, last_outcome, error, checked_at, seen_at,
                next_check, failures, run_began, run_checks, runs_ended)
            VALUES (4294967297, 1, '17', 'Confirmed', 'Crash', 'timeout', 'slow', 20, 10, 30, 2, 15, 2, 1);
            INSERT INTO watches VALUES (4294967297, 'gedit', 'typed', 'anna', 6);
            INSERT INTO check_runs VALUES (4294967297, 1, 1, 7, 10, 'seen', '', 3);
            INSERT INTO changes VALUES (1, 7, 4294967297, 'status', NULL, 'Confirmed', NULL, 'NEW');
            INSERT INTO events VALUES (1, 7, 'change', 4294967297, 1);
        )sql");
    }
    auto const s = open_store(here.path());
    auto const r = open_reader(here.path());
    CHECK(number(here.path(), "PRAGMA user_version") == static_cast<std::int64_t>(migrations().size()));
    auto const of = r->tracker_by_url("https://b/").value().id;
    auto const id = r->find_bug(of, "17").value();
    auto const b = r->bugs({id}).at(0);
    CHECK(b.state == status::confirmed);
    CHECK(b.title == "Crash");
    CHECK(b.last_outcome == outcome::timeout);
    CHECK(b.failures == 2);
    CHECK_FALSE(b.server_time);
    CHECK_FALSE(b.read_at);
    CHECK(r->runs(id).size() == 2);
    CHECK(r->watches(id).at(0).owner == "anna");
    CHECK(r->changes(0, 9).at(0).what.after == "Confirmed");
    CHECK(r->additions() == 0);
    CHECK_FALSE(r->engine());

    // A failure that goes on gets its signature now; one that is over never had any.
    auto const news = apply_whole(*s, report_of({next_check(b, outcome::timeout, "slow", at(0))}, at(0)));
    CHECK(news.signatures.size() == 1);
    REQUIRE(r->signatures({}, 9).size() == 1);
    CHECK(r->signatures({}, 9).front().bugs == 1);
    auto const other = s->add_bug(of, "18", at(0));
    CHECK(other != id);
    CHECK(r->additions() == 1);
}

TEST_CASE("schema: the tables are strict, and no index hangs on what each check writes")
{
    scratch here;
    open_store(here.path());
    CHECK(
        number(
            here.path(),
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite_%' AND NOT strict")
        == 0);
    CHECK(number(here.path(), "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 46);
    // What a check that succeeds writes is in no index: of the outcome only failures are.
    CHECK(
        number(
            here.path(),
            "SELECT count(*) FROM pragma_index_list('bug_checks') l, pragma_index_info(l.name) c WHERE "
            "c.name IN "
            "('checked_at', 'seen_at', 'next_check', 'failures', 'run_checks', 'server_time', 'read_at') "
            "OR (c.name = 'last_outcome' AND NOT l.partial)")
        == 0);
    CHECK(number(here.path(), "SELECT count(*) FROM pragma_index_list('bugs') WHERE NOT partial") == 1);
    CHECK(number(here.path(), "SELECT count(*) FROM pragma_index_list('bugs')") == 4);
    CHECK(number(here.path(), "SELECT count(*) FROM pragma_index_list('bug_checks') WHERE NOT partial") == 0);
    CHECK(number(here.path(), "SELECT count(*) FROM pragma_index_list('bug_checks')") == 4);
    // Nor is it in the condition of one.
    CHECK(
        number(
            here.path(),
            "SELECT count(*) FROM sqlite_schema s, pragma_table_info('bug_checks') c "
            "WHERE s.type = 'index' AND s.tbl_name = 'bug_checks' AND instr(s.sql, c.name) <> 0 "
            "AND c.name NOT IN ('bug_id', 'last_outcome', 'retired')")
        == 0);
}

TEST_CASE("schema: the log of changes can only grow")
{
    scratch here;
    auto const s = open_store(here.path());
    auto const bug = add_bugs(*s, "bugs.example.org", 1).front();
    apply(*s, report_with_change(bug, "one"));
    CHECK_THROWS_AS(execute(here.path(), "DELETE FROM changes"), database_error);
    CHECK_THROWS_AS(execute(here.path(), "UPDATE changes SET after = 'two'"), database_error);
    CHECK(open_reader(here.path())->changes(0, 9).front().what.after == "one");
}
