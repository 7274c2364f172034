#include "engine/check/batching.hpp"
#include "engine/check/validators.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;
using std::chrono::days;
using manner = batch::manner;
using storage::bug_state;

constexpr utc_time now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h;

capabilities const bugzilla{.protocol = "rest", .batch = 500, .changed_since = true};
capabilities const trac_rpc{
    .protocol = "xmlrpc", .batch = 300, .changed_since = true, .page = 100'000, .each = 0.01};
capabilities const launchpad{.protocol = "rest", .batch = 100, .changed_since = true, .page = 300, .each = 2};
// A repository on a forge: each issue singly, or a list of changes by hundreds.
capabilities const forge{.protocol = "rest", .batch = 50, .changed_since = true, .page = 100, .each = 1};

bug_state fresh(std::string id = "1")
{
    return {.remote_id = std::move(id)};
}

// Seen and read so long ago.
bug_state seen(std::chrono::milliseconds ago, std::string id = "1")
{
    return {
        .remote_id = std::move(id),
        .last_outcome = outcome::seen,
        .server_time = now - ago,
        .read_at = now - ago};
}

std::vector<bug_state> many(std::size_t n, bug_state const& one)
{
    return std::vector<bug_state>(n, one);
}

std::vector<bug_state> joined(std::vector<bug_state> a, std::vector<bug_state> const& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

bug_rows rows_of(std::vector<bug_state> const& bugs)
{
    bug_rows out;
    for (auto const& bug : bugs)
        out.push_back(&bug);
    return out;
}

batch_plan plan(
    capabilities const& can,
    std::vector<bug_state> const& due,
    storage::tracker_settings const& set = {},
    bool trusted = true)
{
    return plan_batches(can, set, rows_of(due), trusted, {}, now);
}

// "full 500 full 200 changed 30"
std::string shape(batch_plan const& p)
{
    std::string out;
    for (auto const& b : p.batches)
        out += (out.empty() ? "" : " ") + std::string{b.how == manner::full ? "full " : "changed "}
               + std::to_string(b.members.size());
    return out;
}

} // namespace

TEST_CASE("batching: the cheapest plan, by what the tracker can and how many are due")
{
    struct row {
        char const* what;
        capabilities can;
        std::vector<bug_state> due;
        char const* shape;
        std::size_t requests;
    };
    std::vector<row> const rows{
        {"nothing is due", bugzilla, {}, "", 0},
        {"newcomers are read", bugzilla, many(1200, fresh()), "full 500 full 500 full 200", 3},
        {"one request either way: the one with fewer records",
         bugzilla,
         many(300, seen(24h)),
         "changed 300",
         1},
        {"a single bug is simply read", bugzilla, many(1, seen(24h)), "full 1", 1},
        {"a second request for fewer records is not worth it",
         bugzilla,
         joined(many(5, fresh()), many(100, seen(24h))),
         "full 105",
         1},
        {"… but where there are two anyway",
         bugzilla,
         joined(many(300, fresh()), many(400, seen(24h))),
         "full 300 changed 400",
         2},
        {"three issues of a repository are not paged for", forge, many(3, seen(24h)), "full 3", 3},
        {"three hundred are not asked for one by one", forge, many(300, seen(24h)), "changed 300", 19},
        {"three hundred newcomers must be",
         forge,
         many(300, fresh()),
         "full 50 full 50 full 50 full 50 full 50 full 50",
         300},
        {"a week's list is longer than the issues are worth", forge, many(20, seen(6 * 24h)), "full 20", 20},
        {"the plugin's list of changes", trac_rpc, many(300, seen(24h)), "changed 300", 3},
        {"two tasks of a bug and a search", launchpad, many(2, seen(24h, "plum/+bug/1")), "changed 2", 3},
    };
    for (auto const& r : rows) {
        INFO(r.what);
        auto const p = plan(r.can, r.due);
        CHECK(shape(p) == r.shape);
        CHECK(p.requests == r.requests);
    }
}

TEST_CASE("batching: every bug is in exactly one batch, and none is too large")
{
    std::vector<bug_state> due;
    for (int i = 0; i != 3000; ++i)
        due.push_back(i % 7 == 0 ? fresh() : seen(std::chrono::hours{i % 300}));
    for (auto const& can : {bugzilla, trac_rpc, forge}) {
        auto const p = plan(can, due);
        std::set<std::size_t> members;
        std::size_t sum = 0;
        for (auto const& b : p.batches) {
            CHECK_FALSE(b.members.empty());
            CHECK((b.members.size() <= can.batch || (b.how == manner::changed && can.page != 0)));
            sum += b.members.size();
            members.insert(b.members.begin(), b.members.end());
        }
        CHECK(sum == due.size());
        CHECK(members.size() == due.size());
        CHECK(*members.rbegin() == due.size() - 1);
    }
}

TEST_CASE("batching: what may be asked for changes only")
{
    struct row {
        char const* what;
        bug_state bug;
    };
    auto failed = seen(24h);
    failed.last_outcome = outcome::not_found;
    auto clockless = seen(24h);
    clockless.server_time.reset();
    auto stale = seen(24h);
    stale.read_at = now - days{7};
    auto never_whole = seen(24h);
    never_whole.read_at.reset();
    auto ancient = seen(24h);
    ancient.server_time = now - days{31};
    std::vector<row> const rows{
        {"its last check failed", failed},
        {"the tracker told no time", clockless},
        {"its record is a week old", stale},
        {"its record was never read", never_whole},
        {"its last success is too long ago", ancient},
        {"never checked", fresh()},
    };
    for (auto const& r : rows) {
        INFO(r.what);
        CHECK(shape(plan(bugzilla, many(300, r.bug))) == "full 300");
    }
    auto unmodified = seen(6 * 24h);
    unmodified.last_outcome = outcome::unmodified;
    unmodified.server_time = now - 24h;
    CHECK(shape(plan(bugzilla, many(300, unmodified))) == "changed 300");

    CHECK(shape(plan(bugzilla, many(300, seen(24h)), {.changed_since = false})) == "full 300");
    CHECK(shape(plan(bugzilla, many(300, seen(24h)), {}, false)) == "full 300");
    auto unable = bugzilla;
    unable.changed_since = false;
    CHECK(shape(plan(unable, many(300, seen(24h)))) == "full 300");
}

TEST_CASE("batching: a tracker's own batch size counts below what it can take")
{
    CHECK(shape(plan(bugzilla, many(5, fresh()), {.batch = 2})) == "full 2 full 2 full 1");
    CHECK(shape(plan(bugzilla, many(5, fresh()), {.batch = 0})) == "full 5");
    CHECK(shape(plan(forge, many(60, fresh()), {.batch = 1000})) == "full 50 full 10");
    CHECK(shape(plan({.batch = 0}, many(2, fresh()))) == "full 1 full 1");
}

TEST_CASE("batching: a bug that was read long ago does not make the tracker look back for all")
{
    auto old = seen(29 * 24h);
    old.read_at = now - 24h;
    // Of one list of changes the old one would make thirty pages; read by itself it is one request.
    auto const paged = plan(forge, joined(many(1, old), many(300, seen(24h))));
    CHECK(shape(paged) == "full 1 changed 300");
    CHECK(paged.batches[0].members == std::vector<std::size_t>{0});
    CHECK(paged.batches[1].since == now - 24h);

    // Of batches it makes one look back far, and those that were read last are together.
    std::vector<bug_state> mixed;
    for (int i = 0; i != 1000; ++i)
        mixed.push_back(i % 2 == 0 ? old : seen(1h));
    auto const batched = plan(bugzilla, mixed);
    REQUIRE(shape(batched).starts_with("full 500 changed 500"));
    CHECK(batched.batches[1].since == now - 1h);
}

TEST_CASE("batching: since is the earliest time of the batch, and newcomers keep their order")
{
    std::vector<bug_state> due{fresh(), seen(80min), seen(90min), seen(85min), fresh()};
    for (int i = 0; i != 600; ++i)
        due.push_back(fresh());
    for (int i = 0; i != 400; ++i)
        due.push_back(seen(1h));
    auto const p = plan(bugzilla, due);
    REQUIRE(shape(p) == "full 500 full 102 changed 403");
    CHECK(p.batches[2].since == now - 90min);
    CHECK(p.batches[0].members[0] == 0);
    CHECK(p.batches[0].members[1] == 4);
    CHECK(std::ranges::is_sorted(p.batches[1].members));
}

TEST_CASE("batching: each project's list of changes is a batch of its own")
{
    auto const due = joined(
        joined(many(3, seen(24h, "plum/+bug/1")), many(250, seen(2h, "ubuntu/+source/plum/+bug/1"))),
        many(1, fresh("pear/+bug/2")));
    auto const p = plan(launchpad, due);
    CHECK(shape(p) == "full 1 changed 3 changed 250");
    CHECK(p.batches[1].since == now - 24h);
    CHECK(p.batches[2].since == now - 2h);
}

TEST_CASE("batching: a clock is skewed from more than ten minutes on, either way")
{
    CHECK_FALSE(is_skewed(now + 10min, now, {}));
    CHECK_FALSE(is_skewed(now - 10min, now, {}));
    CHECK(is_skewed(now + 10min + 1s, now, {}));
    CHECK(is_skewed(now - 10min - 1s, now, {}));
}

TEST_CASE("batching: a validator holds for what was read with it, and with nothing else")
{
    auto const at = now - 24h;
    std::vector<storage::validator> const stored{{.url = "u", .etag = "e", .last_modified = "m", .at = at}};
    std::vector<adapters::question> const one{{.url = "u", .ids = {"1"}}};
    std::vector<adapters::question> const two{{.url = "u", .ids = {"1", "2"}}};
    std::vector<adapters::question> const other{{.url = "v", .ids = {"1"}}};
    std::vector<validator> const kept{{.url = "u", .etag = "e", .last_modified = "m"}};
    auto const usable = [&](auto const& asked, std::vector<bug_state> const& of) {
        return earlier_answers{stored, rows_of(of)}.usable_for(asked);
    };

    auto later = seen(23h, "2");
    std::vector<bug_state> const bugs{seen(24h, "1"), later};
    CHECK(usable(one, bugs) == kept);
    CHECK(usable(two, bugs).empty()); // 2 was read since by another question
    CHECK(usable(other, bugs).empty());
    CHECK(usable(two, std::vector{seen(24h, "1"), seen(24h, "2")}) == kept);

    auto failed = seen(24h, "1");
    failed.last_outcome = outcome::timeout;
    CHECK(usable(one, std::vector{failed}).empty());
    auto confirmed = seen(24h, "1");
    confirmed.last_outcome = outcome::unmodified;
    CHECK(usable(one, std::vector{confirmed}) == kept);
    CHECK(usable(one, std::vector{fresh("1")}).empty());
}
