#pragma once

#include "engine/check/policy.hpp"
#include "storage/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

// What decides when a bug is asked next.
struct explain_input {
    storage::bug_state bug{};
    std::string tracker{}; // name
    storage::tracker_state at_tracker{};
    std::string host{};                                       // origin
    std::optional<storage::breaker_record> tracker_breaker{}; // nothing: closed
    std::optional<storage::breaker_record> host_breaker{};
    utc_time now{};
};

// Why a bug is asked next when it is.
struct explanation {
    std::string reason{};                // why_then()'s words; "never checked: due at once"
    std::chrono::seconds interval{};     // … which come to this; nothing for a bug that was never checked
    double jitter = 0;                   // its own share of that
    std::optional<utc_time> by_policy{}; // the last check, the interval and the share
    utc_time next_check{};               // the appointment as it stands
    std::string difference{};            // why that is another time; empty where it is not
    bool clock_fault = false; // the appointment is too far ahead to have been made by a right clock
    std::optional<utc_time> held_until{}; // a breaker lets nothing through before
    bool paused = false;                  // … or the tracker is paused
    bool due = false;                     // the appointment has come
    std::vector<std::string> lines{};     // all of it in words, one after the other
};

// Pure.
explanation explain(schedule_policy const& policy, explain_input const& in);

// What a breaker's state means for who it belongs to: "kde failed 4 times in a row, last with timeout: …;
// nothing there is asked before …". Pure.
std::string breaker_in_words(std::string const& whose, storage::breaker_record const& breaker, utc_time now);

// Why a bug whose next_check is storage::never is not asked about. Pure.
std::string why_never(storage::bug_state const& bug);

// Whether what is known of the bug is older than the policy promises; false where nothing is known. Pure.
bool is_stale(schedule_policy const& policy, storage::bug_state const& bug, utc_time now);

} // namespace checkwatches::check
