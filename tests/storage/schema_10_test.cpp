#include "storage/schema.hpp"
#include "storage/upkeep.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

// A file as version 9 left it: bugs that were seen, that fail and that wait for their first check, some of
// them retired.
void make_version_9(std::string const& path)
{
    sqlite::database db{path, sqlite::access::write};
    REQUIRE(migrate(db, path, migrations().first(9)));
    db.execute(R"sql(
        PRAGMA foreign_keys = ON;
        PRAGMA journal_mode = WAL;
        INSERT INTO trackers VALUES (1, 'bugzilla', 'b', 'https://b/', NULL, 5);
        INSERT INTO tracker_aliases VALUES ('https://b/', 1);
        INSERT INTO bugs (id, tracker_id, remote_id)
            SELECT 4294967296 + value, 1, value FROM json_each('[1,2,3,4,5,6]');
        INSERT INTO bug_checks (bug_id, next_check, last_outcome, checked_at) VALUES
            (4294967297, 30, 'seen', 20),
            (4294967298, 253402214400000, 'seen', 20),
            (4294967299, 30, 'timeout', 20),
            (4294967300, 253402214400000, 'moved', 20),
            (4294967301, 30, NULL, NULL),
            (4294967302, 253402214400000, NULL, NULL);
        INSERT INTO watches (bug_id, label, source, owner, created_at) SELECT id, 'gedit', 'typed', 'anna', 6 FROM bugs;
    )sql");
}

constexpr bug_id nth(std::int64_t number)
{
    return make_bug_id(tracker_id{1}, number);
}

// How often the machine that runs the statement has this instruction.
std::int64_t count_of(std::string_view instruction, std::string const& path, std::string const& sql)
{
    sqlite::database db{path, sqlite::access::read};
    sqlite::statement plan{db, "EXPLAIN " + sql};
    std::int64_t out = 0;
    auto rows = plan.rows();
    while (rows.next())
        out += rows.text(1) == instruction ? 1 : 0;
    return out;
}

} // namespace

TEST_CASE("schema 10: what is never to be asked about is retired, and lists are as they were")
{
    scratch here;
    make_version_9(here.path());
    auto const s = open_store(here.path());
    CHECK(number(here.path(), "PRAGMA user_version") == static_cast<std::int64_t>(migrations().size()));
    CHECK(
        number(here.path(), "SELECT group_concat(bug_id - 4294967296, '') FROM bug_checks WHERE retired")
        == 246);
    CHECK(check_database(here.path()).value() == std::vector<std::string>{});

    auto const r = open_reader(here.path());
    auto const ids = [&](bug_list const& which) {
        std::vector<bug_id> out;
        for (auto const& one : r->list_bugs(which, 9))
            out.push_back(one.bug.id);
        return out;
    };
    CHECK(ids({.failing = true}) == std::vector{nth(3)});
    CHECK(ids({.unchecked = true}) == std::vector{nth(5)});
    CHECK(ids({.how = outcome::moved}) == std::vector{nth(4)});
    CHECK(r->moved_bugs().size() == 1);
    CHECK(r->counts(at(0)).at(0).waits.n == 1);
}

TEST_CASE("schema 10: retired bugs stay so, and are taken up again by whoever adds them")
{
    scratch here;
    make_version_9(here.path());
    auto const s = open_store(here.path());
    auto const r = open_reader(here.path());
    s->make_due({nth(1), nth(2)}, at(-100));
    apply(*s, report_of({seen(nth(2), at(5))}, at(5)));
    CHECK(r->bugs({nth(2)}).at(0).next_check == never);
    CHECK(r->bugs({nth(2)}).at(0).checked_at == utc_time{std::chrono::milliseconds{20}});

    CHECK(s->add_bug(tracker_id{1}, "2", at(7)) == nth(2));
    CHECK(s->add_bug(tracker_id{1}, "4", at(7)) == nth(4)); // it moved, and stays away
    CHECK(s->add_bug(tracker_id{1}, "7", never) == nth(7));
    apply(*s, report_of({seen(nth(2), at(8)), seen(nth(7), at(8))}, at(8)));
    CHECK(r->bugs({nth(2)}).at(0).checked_at == at(8));
    CHECK(r->bugs({nth(4)}).at(0).next_check == never);
    CHECK_FALSE(r->bugs({nth(7)}).at(0).checked_at);
    CHECK(s->remove_watch(nth(1), "gedit", "typed"));
    CHECK(r->bugs({nth(1)}).at(0).next_check == never);
    CHECK(
        number(here.path(), "SELECT count(*) FROM bug_checks WHERE retired <> (next_check = 253402214400000)")
        == 0);
}

TEST_CASE("schema 10: a check that goes on with a run touches no index")
{
    scratch here;
    open_store(here.path());
    auto const writes = [&](std::string const& columns) {
        return count_of("IdxInsert", here.path(), "UPDATE bug_checks SET " + columns + " WHERE bug_id = 1");
    };
    CHECK(
        writes("checked_at = 2, seen_at = 2, next_check = 3, failures = 0, run_checks = 4, read_at = 2")
        == 0);
    CHECK(writes("last_outcome = 'timeout'") == 4);
}

TEST_CASE("schema 10: a change makes no table of the words that mean resolved")
{
    scratch here;
    open_store(here.path());
    auto const* const sql =
        "UPDATE bugs SET status = 'Invalid', duplicate_of = '7', resolved_at = 5 WHERE id = 1";
    CHECK(count_of("IdxInsert", here.path(), sql) == 2);
    CHECK(count_of("OpenEphemeral", here.path(), sql) == 0);
}
