#include "engine/check/tally.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::check;

namespace {

std::vector<storage::settled_bug> batch_of(std::initializer_list<outcome> outcomes)
{
    std::vector<storage::settled_bug> out;
    for (auto const how : outcomes) {
        storage::settled_bug bug;
        bug.after.remote_id = std::to_string(out.size() + 1);
        bug.after.last_outcome = how;
        out.push_back(bug);
    }
    return out;
}

void count(tracker_tally& into, std::initializer_list<outcome> outcomes)
{
    for (auto const& bug : batch_of(outcomes))
        into.count(bug);
}

} // namespace

TEST_CASE("a tally counts what became of every bug")
{
    tracker_tally tally{.due = 6};
    count(tally, {outcome::seen, outcome::not_found, outcome::unmodified});
    count(tally, {outcome::timeout});
    CHECK(tally.asked() == 4);
    CHECK(tally.seen() == 2);
    CHECK(tally.not_asked() == 2);
    REQUIRE(tally.failed.size() == 1); // the tracker's timeout is told once, not with each bug
    CHECK(tally.failed.front().remote_id == "2");
    CHECK(tally.has_failures());
}

TEST_CASE("a wait that the tracker asked for is no failure")
{
    tracker_tally tally{.due = 2};
    count(tally, {outcome::seen, outcome::rate_limited});
    CHECK_FALSE(tally.has_failures());
}

TEST_CASE("the list of failed bugs is bounded, their count is not")
{
    tracker_tally tally{.due = 100};
    for (int i = 0; i != 100; ++i)
        count(tally, {outcome::forbidden});
    CHECK(tally.failed.size() == tracker_tally::most_named);
    CHECK(tally.outcomes.at(outcome::forbidden) == 100);
}

TEST_CASE("a tracker that nobody knows how to ask is a failure, one that is left for later is none")
{
    CHECK(tracker_tally{.due = 1, .trouble = error{.kind = error_kind::unsupported}}.has_failures());
    CHECK_FALSE(tracker_tally{.due = 1, .trouble = error{.kind = error_kind::deferred}}.has_failures());
}
