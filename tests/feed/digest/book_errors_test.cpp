#include "tests/feed/digest/book_fixture.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace checkwatches::feed::test;
using Catch::Matchers::Contains;

namespace {

// The bug fails each hour for so long, and is looked at each time.
void fail_for(world& w, int bug, outcome how, std::chrono::hours span)
{
    for (auto const end = w.around.now + span; w.around.now < end;) {
        w.around.now += 1h;
        w.fail(bug, how);
        w.look();
    }
}

} // namespace

TEST_CASE("Digest: an error is told once, and once when it is over", "[digest]")
{
    world w;
    w.bug(1);
    w.fail(1, outcome::not_found, "no such bug");
    w.look();
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(w.letters().front().text, Contains("* t #1: no such bug (since 2026-11-02T01:00:00Z)"));
    CHECK(w.told() == lines{"errors [d] curl: 1 bug cannot be read"});
    fail_for(w, 1, outcome::not_found, 48h);
    w.restart();
    fail_for(w, 1, outcome::forbidden, 2h);
    CHECK(w.told().empty());
    w.answer(1);
    w.look();
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(w.letters().front().text, Contains("* t #1: can be read again; it was: no such bug"));
    CHECK(w.told() == lines{"errors [d] curl: 1 error is over"});
    w.restart();
    w.look();
    CHECK(w.told().empty());
}

TEST_CASE("Digest: an error is told again when it has become permanent, and that once", "[digest]")
{
    world w;
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    w.told();
    fail_for(w, 1, outcome::gone, 24h * 7 - 1h);
    CHECK(w.told().empty());
    fail_for(w, 1, outcome::gone, 1h);
    CHECK(w.told() == lines{"errors [d] curl: 1 error seems permanent"});
    w.restart();
    fail_for(w, 1, outcome::gone, 24h * 20);
    CHECK(w.told().empty());
    w.answer(1);
    w.look();
    CHECK(w.told() == lines{"errors [d] curl: 1 error is over"});
}

TEST_CASE("Digest: when an error is permanent is the configuration's", "[digest]")
{
    world w{{.name = "d", .permanent_after = 48h}};
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    fail_for(w, 1, outcome::gone, 47h);
    CHECK(w.told().size() == 1);
    fail_for(w, 1, outcome::gone, 1h);
    CHECK(w.told().size() == 1);
}

TEST_CASE("Digest: what can pass is an error after three times, and told of the tracker", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2, "zlib");
    fail_for(w, 1, outcome::timeout, 2h);
    w.answer(1);
    w.look();
    fail_for(w, 1, outcome::timeout, 2h);
    CHECK(w.told().empty());
    w.fail(2, outcome::timeout);
    w.fail(2, outcome::timeout);
    w.fail(2, outcome::timeout);
    fail_for(w, 1, outcome::timeout, 1h);
    CHECK(w.told() == lines{"errors [d] t: 2 bugs cannot be read"});
    w.answer(1);
    w.answer(2);
    w.look();
    CHECK(w.told() == lines{"errors [d] t: 2 errors are over"});
}

TEST_CASE("Digest: a rate limit is no error, unless it never ends", "[digest]")
{
    auto const how = GENERATE(outcome::rate_limited, outcome::maintenance);
    world w;
    w.bug(1);
    fail_for(w, 1, how, 24h * 7);
    CHECK(w.told().empty());
    fail_for(w, 1, how, 1h);
    CHECK(w.told() == lines{"errors [d] t: 1 error seems permanent"});
}

TEST_CASE("Digest: a bug that was never asked or moved away is no error", "[digest]")
{
    world w;
    auto& fresh = w.bug(1);
    fresh.last_outcome.reset();
    fresh.checked_at.reset();
    w.bug(2);
    w.fail(2, outcome::moved);
    w.bug(3);
    w.fail(3, outcome::gone);
    w.bugs.at(3).next_check = storage::never;
    w.look();
    CHECK(w.told().empty());
}

TEST_CASE("Digest: what somebody has seen to is no error until something changes", "[digest]")
{
    world w;
    w.bug(1);
    w.around.acknowledged = {{.label = "curl", .bug = storage::bug_id{1}, .change = 5, .newest = 5}};
    w.fail(1, outcome::gone);
    w.look();
    CHECK(w.told().empty());
    w.around.acknowledged.front().newest = 6;
    w.look();
    CHECK(w.told().size() == 1);
}

TEST_CASE("Digest: a filter lets errors of other bugs be", "[digest]")
{
    world w{{.name = "d", .wanted = {.trackers = {"other"}}}};
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    CHECK(w.told().empty());
}

TEST_CASE("Digest: an error that began in a maintenance window is not told after it", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.around.mutes = {{.from = w.around.now, .until = w.around.now + 5h}};
    w.around.now += 1h;
    w.fail(1, outcome::gone);
    w.look();
    w.around.now += 5h;
    w.fail(1, outcome::gone);
    w.look();
    CHECK(w.told().empty());
    // One that begins after it is; and what goes on and on is news again.
    w.fail(2, outcome::gone);
    w.look();
    CHECK(w.told().size() == 1);
    fail_for(w, 1, outcome::gone, 24h * 7);
    CHECK(w.told() == lines{"errors [d] curl: 1 error seems permanent"});
    w.answer(1);
    w.look();
    CHECK(w.told().size() == 1);
}

TEST_CASE("Digest: an error that nobody was told of is over without a word", "[digest]")
{
    world w;
    w.bug(1);
    w.around.mutes = {{.from = w.around.now, .until = w.around.now + 5h}};
    w.fail(1, outcome::gone);
    w.look();
    w.around.now += 6h;
    w.answer(1);
    w.look();
    CHECK(w.told().empty());
    CHECK(w.book().troubles().empty());
}

TEST_CASE("Digest: an error that is over in a maintenance window is not told after it", "[digest]")
{
    world w;
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    w.told();
    w.around.now += 1h;
    w.around.mutes = {{.from = w.around.now, .until = w.around.now + 5h}};
    w.answer(1);
    w.around.now += 6h;
    w.look();
    CHECK(w.told().empty());
}

TEST_CASE("Digest: a paused tracker has no errors; a pause makes none permanent", "[digest]")
{
    world w;
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    w.told();
    w.bug(2);
    w.fail(2, outcome::gone);
    w.around.paused = {"t"};
    w.look();
    w.around.now += 24h * 30;
    w.look();
    w.around.paused.clear();
    w.bugs.erase(2);
    w.look();
    CHECK(w.told().empty());
}

TEST_CASE("Digest: a new digest does not tell the errors that it finds", "[digest]")
{
    world w;
    w.bug(1);
    w.bug(2);
    w.around.now = world::start - 24h * 30;
    w.fail(1, outcome::gone);
    w.around.now = world::start - 1h;
    w.fail(1, outcome::gone);
    w.fail(2, outcome::gone);
    w.around.now = world::start + 1h;
    w.look();
    fail_for(w, 1, outcome::gone, 24h * 10);
    CHECK(w.told().empty());
    fail_for(w, 2, outcome::gone, 1h);
    CHECK(w.told() == lines{"errors [d] curl: 1 error seems permanent"});
}

TEST_CASE("Digest: an error of a bug that nobody watches any more is forgotten", "[digest]")
{
    world w;
    w.bug(1);
    w.fail(1, outcome::gone);
    w.look();
    w.told();
    w.bugs.erase(1);
    w.look();
    CHECK(w.told().empty());
    CHECK(w.book().troubles().empty());
}

TEST_CASE("Digest: errors of one key are one message", "[digest]")
{
    world w;
    for (int i = 1; i <= 60; ++i) {
        w.bug(i);
        w.fail(i, outcome::gone);
    }
    w.look();
    REQUIRE(w.letters().size() == 1);
    CHECK_THAT(w.letters().front().text, Contains("… and 20 more"));
    CHECK(w.told() == lines{"errors [d] curl: 60 bugs cannot be read"});
}
