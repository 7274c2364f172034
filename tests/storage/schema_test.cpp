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

TEST_CASE("schema: the tables are strict, and no index hangs on next_check")
{
    scratch here;
    open_store(here.path());
    CHECK(
        number(
            here.path(),
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite_%' AND NOT strict")
        == 0);
    CHECK(number(here.path(), "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 16);
    CHECK(
        number(here.path(), "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bugs'")
        == 1);
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
