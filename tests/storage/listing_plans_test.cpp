#include "storage/listing_queries.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <limits>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t page = 50;
constexpr tracker_id second{2};

struct listing {
    std::string what{};
    query asked{};
    std::int64_t rows = page;           // that it returns of the great store
    std::int64_t steps_for_a_row = 400; // of SQLite's machine
};

// Every statement that a list is read by, as far as it differs.
std::vector<listing> listings()
{
    bug_id const some{make_bug_id(second, 40'000)};
    watch_key const from{.bug = some, .label = "package 1", .source = "typed"};
    fixed_key const fixed{
        .since = utc_time{std::chrono::milliseconds{50'000}}, .bug = make_bug_id(tracker_id{1}, 50'000)};
    std::vector<listing> all{
        {"bugs", query_of(bug_list{}, page)},
        {"bugs behind one", query_of(bug_list{.after = some}, page)},
        {"bugs of a tracker", query_of(bug_list{.of = second, .after = some}, page)},
        {"failing bugs", query_of(bug_list{.failing = true}, page)},
        {"failing bugs of a tracker", query_of(bug_list{.of = second, .failing = true}, page)},
        {"failing bugs behind one", query_of(bug_list{.failing = true, .after = some}, page)},
        {"bugs that ended so", query_of(bug_list{.of = second, .how = outcome::timeout}, page)},
        {"bugs that succeeded", query_of(bug_list{.how = outcome::seen, .after = some}, page)},
        {"unchecked bugs", query_of(bug_list{.of = second, .unchecked = true}, page)},
        {"bugs with a signature", query_of(bug_list{.of = second, .signature = 2}, page)},
        {"bugs with a label", query_of(bug_list{.label = "package 1"}, page)},
        {"bugs with a label behind one", query_of(bug_list{.label = "package 1", .after = some}, page)},
        {"bugs of an owner", query_of(bug_list{.of = second, .owner = "owner 1"}, page)},
        {"bugs of a source", query_of(bug_list{.source = "typed", .after = some}, page)},
        {"bugs with this id", query_of_numbered("7", page), 4},
        {"watches", query_of(watch_list{}, page)},
        {"watches behind one", query_of(watch_list{.after = from}, page)},
        {"watches of a tracker", query_of(watch_list{.of = second, .after = from}, page)},
        {"watches of a label", query_of(watch_list{.label = "package 1", .after = from}, page)},
        {"watches of an owner", query_of(watch_list{.owner = "owner 1", .after = from}, page)},
        {"watches of a source", query_of(watch_list{.source = "typed", .after = from}, page)},
        {"labels", query_of_groups(watch_field::label, "package 1", page), page, 5'000},
        {"fixed upstream", query_of_fixed_before({}, std::numeric_limits<std::int64_t>::max(), page)},
        {"fixed upstream behind one", query_of_fixed_before({}, 50'000, page)},
        {"fixed upstream at the same time", query_of_fixed_then({}, fixed, page)},
        {"fixed upstream, not as duplicates",
         query_of_fixed_before({.kind = fixed_kind::fixed}, 50'000, page)},
        {"fixed upstream of a label",
         query_of_fixed_before({.label = "package 3"}, 150'000, page),
         page,
         1'000},
        {"fixed upstream of an owner",
         query_of_fixed_before({.owner = "owner 3"}, 150'000, page),
         page,
         1'000},
        {"changes", query_of(change_list{}, page)},
        {"changes before one", query_of(change_list{.before = 100'000}, page)},
        {"changes of a tracker", query_of(change_list{.of = second, .before = 150'000}, page)},
        {"changes of a bug", query_of(change_list{.bug = some}, page), 1},
        {"changes of a bug's status", query_of(change_list{.bug = some, .statuses = true}, page), 1},
        {"changes after one", query_of_changes(100'000, page)},
        {"passes", query_of(pass_list{}, page)},
        {"passes of a tracker", query_of(pass_list{.of = second, .before = 15'000}, page)},
        {"signatures", query_of(signature_list{}, page)},
        {"signatures of a tracker", query_of(signature_list{.of = second, .with_ended = true}, page)},
    };
    return all;
}

// 200,000 bugs of four trackers, a watch and a change of each; a tenth of them fails, one waits for its first
// check, one is resolved.
void fill(std::string const& path)
{
    execute(path, R"sql(
        PRAGMA synchronous = OFF;
        BEGIN;
        INSERT INTO trackers SELECT value, 'bugzilla', 't' || value, 'https://t' || value || '/', NULL, 0
            FROM json_each('[1,2,3,4]');
        CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199999)
            SELECT i, (i / 50000 + 1) << 32 | (i % 50000 + 1) AS id, i / 50000 + 1 AS of FROM n;
        INSERT INTO signatures (id, tracker_id, outcome, message, times, bugs, first_seen, last_seen, sample)
            SELECT iif(i < 4, i + 1, i + 100), i % 4 + 1, 'timeout', 'm' || i, i, i, 0, 0, '' FROM n WHERE i < 300;
        INSERT INTO bugs (id, tracker_id, remote_id, status, title, changed_at, resolved_at, signature_id)
            SELECT id, of, i % 50000 + 1, iif(i % 10 = 3, 'Fix Released', 'Confirmed'), 'A title', i,
                i / 1000 * 1000, iif(i % 10 = 0, of, NULL)
            FROM n;
        INSERT INTO bug_checks (bug_id, last_outcome, checked_at, seen_at, next_check)
            SELECT id, iif(i % 10 = 5, NULL, iif(i % 10 = 0, 'timeout', 'seen')), iif(i % 10 = 5, NULL, i), i, i
            FROM n;
        INSERT INTO watches (bug_id, label, source, owner, created_at)
        SELECT id, 'package ' || (i % 2000), iif(i % 2, 'typed', 'file:x'),
                'owner ' || (i % 500), i
            FROM n;
        INSERT INTO changes (at, tracker_id, bug_id, field, after) SELECT i, of, id, 'status', 'New' FROM n;
        INSERT INTO passes SELECT i + 1, i % 4 + 1, i, i, 1, 0, 0, 1, 0, 1, 0, '', '{}' FROM n WHERE i < 20000;
        COMMIT;
    )sql");
}

// The trackers are walked where each is asked for one row, the open signatures in their order.
bool may_scan(listing const& which)
{
    return which.what == "bugs with this id" || which.what == "signatures";
}

} // namespace

TEST_CASE("listings: no statement scans a table or sorts what has no bound")
{
    scratch here;
    open_store(here.path());
    sqlite::database db{here.path(), sqlite::access::read};
    for (auto const& each : listings()) {
        sqlite::statement plan{db, "EXPLAIN QUERY PLAN " + each.asked.sql()};
        std::string text;
        auto rows = each.asked.start(plan);
        while (rows.next())
            text += fmt::format("{}\n", rows.text(3));
        INFO(each.what << "\n" << text);
        std::string_view const all{text};
        CHECK((may_scan(each) || all.find("SCAN") == std::string_view::npos));
        bool const is_bounded = each.what == "signatures of a tracker"
                                || each.what == "fixed upstream of a label"
                                || each.what == "fixed upstream of an owner";
        CHECK((is_bounded || all.find("TEMP B-TREE") == std::string_view::npos));
        CHECK_FALSE(text.empty());
    }
}

TEST_CASE("listings: a page of a great store costs what it returns")
{
    scratch here;
    open_store(here.path());
    fill(here.path());
    sqlite::database db{here.path(), sqlite::access::read};
    for (auto const& each : listings()) {
        INFO(each.what);
        sqlite::statement select{db, each.asked.sql()};
        std::int64_t rows = 0;
        {
            auto found = each.asked.start(select);
            while (found.next())
                ++rows;
        }
        auto* const handle = sqlite3_next_stmt(db.get(), nullptr);
        REQUIRE(sqlite3_next_stmt(db.get(), handle) == nullptr);
        CHECK(rows == each.rows);
        CHECK(
            sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0)
            <= (may_scan(each) ? each.rows : 0));
        CHECK(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 0) < each.rows * each.steps_for_a_row);
    }
}
