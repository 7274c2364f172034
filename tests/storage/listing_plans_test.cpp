#include "storage/listing_queries.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

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
        .changed_at = utc_time{std::chrono::milliseconds{50'000}}, .bug = make_bug_id(tracker_id{1}, 50'000)};
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
        {"bugs with a signature", query_of(bug_list{.of = second, .signature = 1}, page)},
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
        {"fixed upstream", query_of_fixed_before(std::numeric_limits<std::int64_t>::max(), page)},
        {"fixed upstream behind one", query_of_fixed_before(50'000, page)},
        {"fixed upstream at the same time", query_of_fixed_then(fixed, page)},
        {"changes", query_of(change_list{}, page)},
        {"changes before one", query_of(change_list{.before = 100'000}, page)},
        {"changes of a tracker", query_of(change_list{.of = second, .before = 150'000}, page)},
        {"changes of a bug", query_of(change_list{.bug = some}, page), 1},
        {"changes after one", query_of_changes(100'000, page)},
        {"passes", query_of(pass_list{}, page)},
        {"passes of a tracker", query_of(pass_list{.of = second, .before = 15'000}, page)},
        {"signatures", query_of(signature_list{}, page)},
        {"signatures of a tracker", query_of(signature_list{.of = second, .with_ended = true}, page)},
    };
    return all;
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
        // The trackers are walked where each is asked for one row, the open signatures in their order.
        bool const may_scan = each.what == "bugs with this id" || each.what == "signatures";
        CHECK((may_scan || all.find("SCAN") == std::string_view::npos));
        bool const is_bounded = each.what == "signatures of a tracker";
        CHECK((is_bounded || all.find("TEMP B-TREE") == std::string_view::npos));
        CHECK_FALSE(text.empty());
    }
}
