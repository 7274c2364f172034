#include "engine/app/health.hpp"
#include "engine/app/status_json.hpp"
#include "engine/app/status_text.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::app;
using namespace std::chrono_literals;

namespace {

constexpr auto two_hours = std::chrono::seconds{2h};
utc_time const now = parse_time("2026-11-27T18:00:00Z").value();

tracker_health tracker(std::string name, std::int64_t bugs, std::int64_t due, std::chrono::seconds oldest)
{
    tracker_health out{.name = std::move(name), .counts = {.bugs = bugs, .due = due}};
    if (due != 0)
        out.counts.oldest_due = now - oldest;
    return out;
}

// 48,210 bugs, 20 of them due for 3 min at most, and an instance that answers.
health well()
{
    health h{.now = now};
    h.engine = storage::engine_record{
        .pid = 4711, .version = "0.1.0", .started_at = now - 240h, .committed_at = now - 12s};
    h.trackers = {tracker("a", 48'000, 20, 3min), tracker("b", 210, 0, 0s)};
    h.live.emplace();
    h.live->writer.committed_at = now - 12s;
    return h;
}

} // namespace

TEST_CASE("health is the age of the oldest overdue work")
{
    auto h = well();
    CHECK(judge(h, two_hours) == app::verdict::alive);
    CHECK(
        sentence_of(h, two_hours)
        == "Alive. 48,190 of 48,210 bugs are fresh; the oldest overdue one waits for 3 min; last commit 12 s "
           "ago.");
    h.trackers[1] = tracker("b", 210, 1, 2h);
    CHECK(judge(h, two_hours) == app::verdict::alive);
    h.trackers[1] = tracker("b", 210, 1, 2h + 1s);
    CHECK(judge(h, two_hours) == app::verdict::behind);
    CHECK(sentence_of(h, two_hours).starts_with("Behind: overdue for more than 2 h."));
    CHECK(judge(h, 3h) == app::verdict::alive);
}

TEST_CASE("what is paused is not overdue")
{
    auto h = well();
    h.trackers[1] = tracker("b", 210, 210, 100h);
    h.trackers[1].state.paused = true;
    h.trackers[1].state.note = "they move";
    CHECK(judge(h, two_hours) == app::verdict::alive);
    CHECK(totals_of(h).paused == 1);
    CHECK(text_of(h, two_hours, 0).find("paused: they move") != std::string::npos);
}

TEST_CASE("a database that takes nothing, and being offline, is behind")
{
    auto h = well();
    h.live->writer = {.pending = 5, .stuck_since = now - 60s, .why = "disk full", .committed_at = now - 60s};
    CHECK(judge(h, two_hours) == app::verdict::behind);
    CHECK(sentence_of(h, two_hours)
              .starts_with("Behind: the database takes nothing since 1 min (disk full); 5 writes wait."));
    h = well();
    h.live->offline = true;
    h.incidents = {{.kind = "offline", .began = now - 60s, .detail = "3 hosts failed together"}};
    CHECK(judge(h, two_hours) == app::verdict::behind);
    CHECK(
        text_of(h, two_hours, 0)
            .find("offline since 2026-11-27T17:59:00Z (1 min ago): 3 hosts failed together\n")
        != std::string::npos);
}

TEST_CASE("an instance that does not answer is dead, however fresh all is")
{
    auto h = well();
    h.live.reset();
    CHECK(judge(h, two_hours) == app::verdict::not_running);
    CHECK(sentence_of(h, two_hours)
              .starts_with("Not running: process 4711, started 10 d ago, died without a word. 48,190"));
    h.engine->stopped_at = now - 3h;
    CHECK(sentence_of(h, two_hours).starts_with("Not running: stopped 3 h ago. "));
    h.silence = "the running instance said nothing for 5000 ms";
    CHECK(sentence_of(h, two_hours)
              .starts_with("Not answering: the running instance said nothing for 5000 ms. "));
    h.silence.clear();
    h.engine.reset();
    CHECK(sentence_of(h, two_hours).starts_with("Not running: no instance was ever resident"));
}

TEST_CASE("only trackers that need a person are listed")
{
    auto h = well();
    auto const quiet = text_of(h, two_hours, 0);
    CHECK(quiet.find("TRACKER") == std::string::npos);
    h.trackers[1].counts.failing = 2;
    h.trackers[1].breaker = storage::breaker_record{
        .scope = "tracker 2",
        .failures = 4,
        .open_until = now + 15min,
        .how = outcome::timeout,
        .detail = "no data for 30 s"};
    auto const text = text_of(h, two_hours, 0);
    CHECK(text.find("timeout, next try in 15 min: no data for 30 s") != std::string::npos);
    CHECK(text.find("\na ") == std::string::npos);

    for (int i = 0; i != 30; ++i)
        h.trackers.push_back(tracker("late" + std::to_string(i), 1, 1, 5h));
    CHECK(text_of(h, two_hours, 0).find("and 11 more trackers\n") != std::string::npos);
}

TEST_CASE("programs are told all of it")
{
    auto h = well();
    h.trackers[0].counts.failing = 3;
    h.signatures = {
        {.tracker = "a", .how = outcome::timeout, .message = "no data for N s", .times = 12, .bugs = 3}};
    h.letters = {{.digest = "team", .waiting = 2, .parked = 1, .trouble = "come again"}};
    auto const out = boost::json::parse(json_of(h, two_hours)).as_object();
    CHECK(out.at("letters").at(0).at("waiting") == 2);
    CHECK(out.at("state") == "alive");
    CHECK(out.at("bugs") == 48'210);
    CHECK(out.at("due") == 20);
    CHECK(out.at("failing") == 3);
    CHECK(out.at("behind_seconds") == 180);
    CHECK(out.at("oldest_due") == "2026-11-27T17:57:00Z");
    CHECK(out.at("engine").at("pid") == 4711);
    CHECK(out.at("engine").at("stopped_at").is_null());
    CHECK(out.at("live").at("committed_at") == "2026-11-27T17:59:48Z");
    CHECK(out.at("signatures").as_array().size() == 1);
    CHECK(out.at("trackers").as_array().size() == 2);
    h.live.reset();
    auto const dead = boost::json::parse(json_of(h, two_hours)).as_object();
    CHECK(dead.at("state") == "not_running");
    CHECK(dead.at("live").is_null());
}
