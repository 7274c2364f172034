#pragma once

#include "engine/check/engine.hpp"
#include "storage/reader.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::app {

// How one tracker fares.
struct tracker_health {
    std::string name{};
    storage::tracker_counts counts{};
    storage::tracker_state state{};
    std::optional<storage::breaker_record> breaker{}; // nothing: closed
};

// How many letters of a digest have not gone.
struct letters_health {
    std::string digest{}; // name
    std::size_t waiting = 0;
    std::size_t parked = 0;
    std::string trouble{}; // of the first that waits, or else of the last that is parked
};

// Blocking.
letters_health letters_of(storage::reader const& in, std::string digest);

// All that is known of how the watching goes: what the database tells, alive or dead, and what the running
// instance says.
struct health {
    utc_time now{};
    std::optional<storage::engine_record> engine{}; // the last process that was resident
    std::vector<tracker_health> trackers{};         // by name
    std::vector<storage::breaker_record> breakers{};
    std::vector<storage::incident> incidents{};        // the newest
    std::vector<storage::signature> signatures{};      // of what fails now, most bugs first
    std::vector<storage::sink_record> failing_sinks{}; // by name
    std::vector<letters_health> letters{};             // of digests that have any
    std::vector<storage::watch_list_record> lists{};   // watch lists, by name
    std::optional<check::engine_status> live{};        // nothing: no instance answers
    std::string silence{};                             // … though there seems to be one: why
};

// Reads what the database knows. Blocking.
health read_health(storage::reader const& in, utc_time now);

// Sums over all trackers.
struct health_totals {
    std::int64_t bugs = 0;
    std::int64_t due = 0;
    std::int64_t failing = 0;
    std::int64_t never_checked = 0;
    std::int64_t paused = 0;              // trackers
    std::optional<utc_time> oldest_due{}; // of trackers that are not paused
};
health_totals totals_of(health const& h);

enum class verdict { alive, behind, not_running };

// What it comes to. Behind: the oldest overdue bug waits for longer than `most_behind`, the database takes
// nothing, or we are offline. Pure.
verdict judge(health const& h, std::chrono::seconds most_behind);

// What becomes of watch lists and their entries; those of lists that are not applied do not count.
struct list_totals {
    std::int64_t lists = 0;
    std::int64_t bad = 0;  // lists
    std::int64_t held = 0; // lists
    std::int64_t watched = 0;
    std::int64_t waiting = 0;
    std::int64_t bad_entries = 0;
};
list_totals lists_of(health const& h);

// Whether a person should look at the tracker.
bool needs_attention(tracker_health const& tracker, utc_time now, std::chrono::seconds most_behind);

} // namespace checkwatches::app
