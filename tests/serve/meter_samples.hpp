#pragma once

#include "engine/serve/metrics/meter_snapshot.hpp"
#include "engine/serve/metrics/meters.hpp"

#include <string>
#include <vector>

namespace checkwatches::test {

// A name as nobody should give it: it needs each kind of escape.
inline std::string const nasty_name = "a \"b\" \\ c\nd, e=\"f\"} 1 \xC3\xBC";

inline storage::settled_bug settled(outcome how, std::vector<std::string> const& changed_fields = {})
{
    storage::settled_bug out;
    out.after.last_outcome = how;
    for (auto const& field : changed_fields)
        out.changes.push_back({.field = field});
    return out;
}

// Something of everything that there is to count, of three trackers, one of them nasty.
inline void count_samples(serve::meters& in)
{
    using namespace std::chrono_literals;
    in.on_request("bugs.example.org", "bugzilla", 200, 30ms);
    in.on_request("bugs.example.org", "bugzilla", 304, 2ms);
    in.on_request("bugs.example.org", "bugzilla", 0, 90s);
    in.on_request("trac.example.org", "trac", 503, 4ms);
    in.on_request(nasty_name, "trac", 404, 4ms);
    in.on_settled(
        "bugs.example.org",
        {settled(outcome::seen, {"status", "importance"}),
         settled(outcome::unmodified),
         settled(outcome::seen, {"status", "no such field"})});
    in.on_settled(nasty_name, {settled(outcome::not_found)});
    in.on_pass_ended(
        "bugs.example.org", {.requests = 3, .not_modified = 1, .bytes = 12'345, .trouble = "timeout"});
    in.on_pass_ended("trac.example.org", {.deferred = true});
    in.on_lag(0ms);
    in.on_lag(3ms);
}

inline serve::meter_snapshot sample_snapshot()
{
    using namespace std::chrono_literals;
    utc_time const now{std::chrono::days{20'000}};
    serve::census::count counted{.at = now - 7s};
    std::vector<std::string> const names{"bugs.example.org", "trac.example.org", nasty_name};
    for (std::size_t i = 0; i != names.size(); ++i) {
        storage::tracker_id const id{static_cast<std::int64_t>(i) + 1};
        counted.names.emplace(id, names[i]);
        counted.trackers.push_back(
            {.id = id, .bugs = 100, .due = 10, .failing = 3, .never_checked = 2, .last_seen = now - 60s});
    }
    std::vector<serve::sink_view> sinks(1);
    sinks[0].stands = {.name = "ci", .kind = "webhook", .changes = 5, .failing_since = now - 30s};
    sinks[0].behind = 2;
    sinks[0].oldest = now - 40s;
    return {
        .now = now,
        .version = "0.1.0",
        .started_at = now - 24h,
        .bugs = 300,
        .due = 30,
        .oldest_due = now - 90s,
        .in_flight = 5,
        .deferred = 4,
        .trackers = 3,
        .active_trackers = 2,
        .breakers_open = 1,
        .writer_pending = 6,
        .committed_at = now - 1500ms,
        .counted = std::make_shared<serve::census::count const>(std::move(counted)),
        .sinks = std::move(sinks),
        .event_streams = 8,
        .descriptors = 20,
        .most_descriptors = 1024,
        .resident_bytes = 50'000'000};
}

} // namespace checkwatches::test
