#include "engine/serve/progress_watch.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;

namespace {

utc_time at(std::chrono::milliseconds t)
{
    return utc_time{t};
}

} // namespace

TEST_CASE("all parts move, or the engine stands still")
{
    struct row {
        std::string name;
        movement later;
        bool moves;
    };
    std::vector<row> const rows{
        {"all", {at(2s), at(2s), at(2s)}, true},
        {"the scheduler stands", {at(1s), at(2s), at(2s)}, false},
        {"the writer stands", {at(2s), at(1s), at(2s)}, false},
        {"the network stands", {at(2s), at(2s), at(1s)}, false},
        {"nothing moves", {at(1s), at(1s), at(1s)}, false},
    };
    for (auto const& r : rows) {
        CAPTURE(r.name);
        progress_watch watch{60s};
        CHECK(watch.all_move({at(1s), at(1s), at(1s)}, 1000s));
        // Not moved, but not for long.
        CHECK(watch.all_move({at(1s), at(1s), at(1s)}, 1059s));
        CHECK(watch.all_move(r.later, 1060s) == r.moves);
    }
}

TEST_CASE("who moves again is alive again")
{
    progress_watch watch{60s};
    watch.all_move({}, 0s);
    CHECK_FALSE(watch.all_move({}, 60s));
    CHECK(watch.all_move({at(1s), at(1s), at(1s)}, 62s));
    CHECK(watch.all_move({at(1s), at(1s), at(1s)}, 121s));
    CHECK_FALSE(watch.all_move({at(1s), at(1s), at(1s)}, 122s));
}

TEST_CASE("a step of the wall clock is neither progress that fails to come nor a stall")
{
    progress_watch watch{60s};
    auto const day = std::chrono::days{1};
    watch.all_move({at(10s) + day, at(10s) + day, at(10s) + day}, 0s);
    // Set back by a day: what moved moved.
    CHECK(watch.all_move({at(11s), at(11s), at(11s)}, 61s));
    // Set forward, and nothing moved: the times that the parts noted are the old ones.
    CHECK_FALSE(watch.all_move({at(11s), at(11s), at(11s)}, 121s));
}
