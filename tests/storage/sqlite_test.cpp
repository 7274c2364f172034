#include "storage/sqlite.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;
using trouble = database_error::trouble;

namespace {

// What kind of failure these statements end in.
trouble trouble_of(sqlite::database& db, char const* sql)
{
    try {
        db.execute(sql);
    }
    catch (database_error const& failed) {
        CHECK(failed.why().kind == error_kind::storage);
        return failed.kind();
    }
    FAIL(sql << " did not fail");
    return {};
}

} // namespace

TEST_CASE("sqlite: a failure says whether it can pass")
{
    scratch here;
    sqlite::database db{here.path(), sqlite::access::write};
    db.execute("CREATE TABLE a (x INTEGER NOT NULL) STRICT");
    CHECK(trouble_of(db, "INSERT INTO a VALUES (NULL)") == trouble::lasting);
    CHECK(trouble_of(db, "INSERT INTO nothing VALUES (1)") == trouble::lasting);

    db.execute("PRAGMA query_only = ON");
    CHECK(trouble_of(db, "INSERT INTO a VALUES (1)") == trouble::passing);
    db.execute("PRAGMA query_only = OFF; PRAGMA max_page_count = 2");
    CHECK(
        trouble_of(
            db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) "
            "INSERT INTO a SELECT i FROM n")
        == trouble::passing);

    sqlite::database other{here.path(), sqlite::access::write};
    other.execute("BEGIN IMMEDIATE");
    db.execute("PRAGMA busy_timeout = 1");
    CHECK(trouble_of(db, "INSERT INTO a VALUES (1)") == trouble::lock_held);
}

TEST_CASE("sqlite: what cannot be opened can come back")
{
    scratch here;
    try {
        sqlite::database const db{here.path("missing/record.db"), sqlite::access::write};
        FAIL("it was opened");
    }
    catch (database_error const& failed) {
        CHECK(failed.kind() == trouble::passing);
        CHECK_THAT(failed.why().message, Contains("missing"));
    }
}
