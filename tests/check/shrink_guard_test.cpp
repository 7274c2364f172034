#include "engine/check/shrink_guard.hpp"
#include "tests/support/found.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace checkwatches;
using namespace checkwatches::check;

namespace {

// What a look found, or lost, of a bug that ended so at the last check.
struct piece {
    std::optional<outcome> last; // nothing: a bug that was never seen
    std::optional<outcome> now;  // nothing: lost to trouble
};

class run {
public:
    explicit run(std::size_t fewest = 5, std::size_t most_held = 100) : guard{{fewest, most_held}} {}

    looked pass(std::vector<piece> const& pieces)
    {
        looked look;
        for (auto const& [last, now] : pieces) {
            storage::bug_state bug{.remote_id = std::to_string(++number_), .last_outcome = last};
            if (last)
                bug.seen_at = utc_time{};
            if (now == outcome::seen)
                look.found.found.push_back({.remote_id = bug.remote_id, .what = sighting{}});
            else if (now)
                look.found.found.push_back(
                    {.remote_id = bug.remote_id, .what = adapters::absence{*now, "why"}});
            else
                look.found.trouble = error{.kind = error_kind::timeout};
            look.bugs.push_back({.after = std::move(bug)});
        }
        return guard.pass(std::move(look));
    }
    looked missing(std::size_t n) { return pass(std::vector<piece>(n, {outcome::seen, outcome::not_found})); }

    shrink_guard guard;

private:
    int number_ = 0;
};

std::string ids(looked const& of)
{
    std::string out;
    for (auto const& bug : of.bugs)
        out += (out.empty() ? "" : " ") + bug.after.remote_id;
    return out;
}

std::string found_ids(looked const& of)
{
    std::string out;
    for (auto const& one : of.found.found)
        out += (out.empty() ? "" : " ") + one.remote_id;
    return out;
}

constexpr auto seen = outcome::seen;
constexpr auto not_found = outcome::not_found;

} // namespace

TEST_CASE("shrink guard: a tracker that knows none of its bugs is an alarm")
{
    run r;
    CHECK(r.missing(3).bugs.empty());
    CHECK(r.missing(2).bugs.empty());
    CHECK(r.guard.held() == 5);
    auto const end = r.guard.close();
    CHECK(ids(end) == "1 2 3 4 5");
    CHECK(end.found.found.empty());
    REQUIRE(end.found.trouble);
    CHECK(end.found.trouble->kind == error_kind::shrunk);
    CHECK(to_string(*end.found.trouble) == "shrunk: none of the 5 bugs that it knew is there any more");
    CHECK(r.guard.held() == 0);
    CHECK(r.guard.close().bugs.empty());
}

TEST_CASE("shrink guard: a few missing bugs are missing")
{
    run r;
    CHECK(r.missing(4).bugs.empty());
    auto const end = r.guard.close();
    CHECK(ids(end) == "1 2 3 4");
    CHECK(found_ids(end) == "1 2 3 4");
    CHECK_FALSE(end.found.trouble);
    CHECK(test::ended(end.found, "4") == not_found);
    CHECK(std::get<adapters::absence>(end.found.found.back().what).detail == "why");

    run off{0};
    CHECK(ids(off.missing(9)) == "1 2 3 4 5 6 7 8 9");
    CHECK(off.guard.close().bugs.empty());
}

TEST_CASE("shrink guard: one known bug that is seen frees all")
{
    for (auto const how : {outcome::seen, outcome::unmodified}) {
        run r;
        CHECK(r.missing(7).bugs.empty());
        auto const freed = r.pass({{seen, not_found}, {seen, how}, {seen, outcome::gone}});
        CHECK(ids(freed) == "9 1 2 3 4 5 6 7 8 10");
        CHECK(found_ids(freed) == ids(freed));
        CHECK(r.guard.held() == 0);
        CHECK(ids(r.missing(9)) == "11 12 13 14 15 16 17 18 19");
        CHECK(r.guard.close().bugs.empty());
    }
}

TEST_CASE("shrink guard: only what was there at the last check is held")
{
    run r;
    auto const passed = r.pass(
        {{std::nullopt, not_found},       // never seen
         {not_found, not_found},          // missing for long
         {outcome::forbidden, not_found}, //
         {outcome::not_answered, outcome::gone},
         {outcome::timeout, not_found},    // held: the tracker failed last time
         {outcome::shrunk, not_found},     // held: the alarm goes on
         {outcome::unmodified, not_found}, // held
         {seen, outcome::forbidden},       // held
         {seen, outcome::gone},            // held
         {seen, outcome::not_answered},    // held
         {seen, outcome::moved},
         {seen, outcome::unparsable},
         {seen, outcome::invalid_id}});
    CHECK(ids(passed) == "1 2 3 4 11 12 13");
    CHECK(found_ids(passed) == ids(passed));
    CHECK(r.guard.close().found.trouble->kind == error_kind::shrunk);
}

TEST_CASE("shrink guard: an unknown bug that is seen says nothing about the known ones")
{
    run r;
    CHECK(ids(r.pass({{std::nullopt, seen}, {not_found, seen}})) == "1 2");
    r.missing(5);
    CHECK(r.guard.close().found.trouble);
}

TEST_CASE("shrink guard: what is lost to trouble is passed on with it")
{
    run r;
    auto const passed = r.pass(
        {{seen, not_found}, {seen, std::nullopt}, {std::nullopt, seen}, {seen, std::nullopt}});
    CHECK(ids(passed) == "2 3 4");
    CHECK(found_ids(passed) == "3");
    REQUIRE(passed.found.trouble);
    CHECK(passed.found.trouble->kind == error_kind::timeout);
    CHECK(ids(r.guard.close()) == "1");
}

TEST_CASE("shrink guard: what is held is bounded")
{
    run r{5, 6};
    r.missing(5);
    CHECK_FALSE(r.guard.is_full());
    r.missing(1);
    CHECK(r.guard.is_full());
    r.pass({{seen, seen}});
    CHECK_FALSE(r.guard.is_full());
}
