#include "storage/schema.hpp"
#include "storage/upkeep.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

constexpr auto columns_of_checks = "next_check, last_outcome, checked_at, seen_at, failures, run_began, "
                                   "run_checks, runs_ended, server_time, "
                                   "read_at, error";
constexpr auto columns_of_facts =
    "tracker_id, remote_id, status, importance, raw_status, raw_resolution, raw_priority, raw_severity, "
    "raw_type, "
    "raw_labels, title, duplicate_of, modified_at, replaced, changed_at, product, signature_id, resolved_at";

// A file as version 8 left it: a bug with everything, one that fails, one that was never checked, one that
// moved, one that is resolved and one that is a duplicate, with what refers to them; and a copy of the rows
// as they were.
void make_version_8(std::string const& path)
{
    sqlite::database db{path, sqlite::access::write};
    REQUIRE(migrate(db, path, migrations().first(8)));
    db.execute(R"sql(
        PRAGMA foreign_keys = ON;
        PRAGMA journal_mode = WAL;
        INSERT INTO trackers VALUES (1, 'bugzilla', 'b', 'https://b/', NULL, 5), (2, 'trac', 't', 'https://t/', NULL, 6);
        INSERT INTO tracker_aliases VALUES ('https://b/', 1), ('https://t/', 2);
        INSERT INTO signatures (id, tracker_id, outcome, message, times, bugs, first_seen, last_seen, sample)
        VALUES (7, 1, 'timeout', 'slow', 4, 1, 10, 20, 'slow');
        INSERT INTO bugs (id, tracker_id, remote_id, status, importance, raw_status, raw_resolution, raw_priority,
            raw_severity, raw_type, raw_labels, title, duplicate_of, modified_at, replaced, last_outcome, error,
            checked_at, seen_at, changed_at, next_check, failures, run_began, run_checks, runs_ended, server_time,
            read_at, signature_id, product, resolved_at)
        VALUES (4294967297, 1, '17', 'Fix Released', 'High', 'RESOLVED', 'FIXED', 'P1', 'major', 'defect', '["a","ß"]',
            'Crash', '', 1, 2, 'timeout', 'slow', 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 7, 'gedit', 13);
        INSERT INTO bugs (id, tracker_id, remote_id, next_check) VALUES (4294967298, 1, '18', 30);
        INSERT INTO bugs (id, tracker_id, remote_id, last_outcome, error, checked_at, next_check)
        VALUES (4294967299, 1, '19', 'moved', 'https://t/ticket/5', 20, 30);
        INSERT INTO bugs (id, tracker_id, remote_id, last_outcome, checked_at, next_check)
        VALUES (4294967300, 1, '20', 'moved', 20, 253402214400000);
        INSERT INTO bugs (id, tracker_id, remote_id, status, duplicate_of, last_outcome, checked_at, seen_at,
            next_check, run_began, run_checks)
        VALUES (8589934593, 2, '5', 'Confirmed', 'https://t/ticket/4', 'seen', 20, 20, 30, 15, 2);
        INSERT INTO watches (bug_id, label, source, owner, created_at) SELECT id, 'gedit', 'typed', 'anna', 6 FROM bugs;
        INSERT INTO check_runs VALUES (4294967297, 10, 10, 1, 2, 'seen', '', 3);
        INSERT INTO comment_marks VALUES (4294967297, 1, NULL, NULL, NULL, '');
        INSERT INTO followed_bugs VALUES (4294967300, 8589934593);
        CREATE TABLE as_they_were AS SELECT * FROM bugs;
    )sql");
}

// Rows of `as_they_were` that are not in `table` just so, and the other way round.
std::int64_t differences(std::string const& path, char const* table, char const* key, char const* columns)
{
    auto const was = fmt::format("SELECT id, {} FROM as_they_were", columns);
    auto const is = fmt::format("SELECT {}, {} FROM {}", key, columns, table);
    return number(
        path,
        fmt::format(
            "SELECT (SELECT count(*) FROM ({0} EXCEPT {1})) + (SELECT count(*) FROM ({1} EXCEPT {0}))",
            was,
            is)
            .c_str());
}

} // namespace

TEST_CASE("schema 9: each column of a bug comes through, its checks in a table of their own")
{
    scratch here;
    make_version_8(here.path());
    auto const s = open_store(here.path());
    CHECK(number(here.path(), "PRAGMA user_version") == static_cast<std::int64_t>(migrations().size()));
    CHECK(number(here.path(), "SELECT count(*) FROM bugs") == 5);
    CHECK(differences(here.path(), "bugs", "id", columns_of_facts) == 0);
    CHECK(differences(here.path(), "bug_checks", "bug_id", columns_of_checks) == 0);
    // No column is in neither, or in both.
    CHECK(
        number(
            here.path(),
            "SELECT (SELECT count(*) FROM pragma_table_info('bugs')) "
            "+ (SELECT count(*) FROM pragma_table_info('bug_checks') WHERE name <> 'retired') - 1 "
            "= (SELECT count(*) FROM pragma_table_info('as_they_were'))")
        == 1);
    execute(here.path(), "DROP TABLE as_they_were");
    CHECK(check_database(here.path()).value() == std::vector<std::string>{});
}

TEST_CASE("schema 9: lists, counts and checks go on as before")
{
    scratch here;
    make_version_8(here.path());
    auto const s = open_store(here.path());
    auto const r = open_reader(here.path());
    auto const whole = make_bug_id(tracker_id{1}, 1);

    CHECK(r->list_bugs({.failing = true}, 9).size() == 2);
    CHECK(r->list_bugs({.how = outcome::moved}, 9).size() == 2);
    CHECK(r->list_bugs({.unchecked = true}, 9).size() == 1);
    CHECK(r->list_bugs({.signature = 7}, 9).size() == 1);
    CHECK(r->list_fixed({}, 9).size() == 1);
    CHECK(r->moved_bugs().size() == 2);
    CHECK(r->duplicate_bugs().size() == 1);
    CHECK(r->runs(whole).size() == 2);
    auto const counts = r->counts(at(0));
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].bugs == 4);
    CHECK(counts[0].failing == 2);
    CHECK(counts[0].never_checked == 1);

    auto const now = r->bugs({whole}).at(0);
    apply(*s, report_of({next_check(now, outcome::seen, "", at(0))}, at(0)));
    CHECK(r->signatures({}, 9).empty());
    auto const next = s->add_bug(tracker_id{1}, "21", at(0));
    CHECK(next == make_bug_id(tracker_id{1}, 5));
    CHECK(r->bugs({next}).at(0).next_check == at(0));
    execute(here.path(), "DROP TABLE as_they_were");
    CHECK(check_database(here.path()).value() == std::vector<std::string>{});
}

TEST_CASE("schema 9: what refers to bugs refers to the new table, and is looked after again")
{
    scratch here;
    make_version_8(here.path());
    open_store(here.path());
    CHECK(number(here.path(), "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%bugs_9%'") == 0);
    CHECK(number(here.path(), "SELECT count(*) FROM pragma_foreign_key_check") == 0);
    auto const refused = [&](char const* sql) {
        sqlite::database db{here.path(), sqlite::access::write};
        db.execute("PRAGMA foreign_keys = ON");
        CHECK_THROWS_AS(db.execute(sql), database_error);
    };
    refused(
        "INSERT INTO watches (bug_id, label, source, owner, created_at) VALUES (99, 'x', 'typed', '', 0)");
    refused("INSERT INTO bug_checks (bug_id, next_check) VALUES (99, 0)");
    refused("DELETE FROM bugs WHERE id = 4294967298");
    refused("INSERT INTO bugs (id, tracker_id, remote_id) VALUES (4294967399, 1, '17')");
    refused("INSERT INTO bugs (id, tracker_id, remote_id) VALUES (4294967399, 2, '99')");
}
