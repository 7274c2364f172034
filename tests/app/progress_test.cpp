#include "engine/app/progress.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;

namespace {

check::tracker_tally example()
{
    check::tracker_tally tally{.tracker = "bugs.example.org", .kind = "bugzilla", .due = 1300};
    tally.outcomes = {{outcome::seen, 1297}, {outcome::not_found, 1}, {outcome::forbidden, 2}};
    tally.failed = {{.remote_id = "13", .how = outcome::forbidden, .detail = "not for\nyou"}};
    tally.changes = 1;
    tally.requests = 3;
    tally.elapsed = std::chrono::milliseconds{1549};
    return tally;
}

} // namespace

TEST_CASE("a tracker is told in one line")
{
    CHECK(
        line_of(example())
        == "bugs.example.org: 1297 of 1300 seen, 1 not_found, 2 forbidden; 1 change (3 requests, 1.5 s)");

    check::tracker_tally down{.tracker = "t", .due = 50};
    down.outcomes = {{outcome::timeout, 10}};
    down.trouble = error{.kind = error_kind::timeout, .message = "no data for 30 s"};
    CHECK(
        line_of(down)
        == "t: 0 of 50 seen, 10 timeout, 40 not asked; 0 changes (0 requests, 0.0 s); timeout: no data for "
           "30 s");
}

TEST_CASE("a pass is told in one line")
{
    CHECK(
        summary_of({example(), {.tracker = "u", .due = 4}}, std::chrono::milliseconds{2500})
        == "1,300 bugs of 2 trackers checked: 1,297 seen, 3 failed, 4 left for later; 1 change, 2.5 s");
    CHECK(
        summary_of({}, std::chrono::milliseconds{0})
        == "0 bugs of 0 trackers checked: 0 seen, 0 failed; 0 changes, 0.0 s");
}

TEST_CASE("what failed is named, each on one line, and what is not named is counted")
{
    CHECK(
        complaints_of({example()})
        == "bugs.example.org 13: forbidden: not for you\n"
           "bugs.example.org: 2 more; checkwatches show --tracker bugs.example.org lists them\n");
    CHECK(complaints_of({{.tracker = "fine", .due = 1, .outcomes = {{outcome::seen, 1}}}}).empty());
}
