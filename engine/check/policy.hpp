#pragma once

#include "engine/core/outcome.hpp"
#include "engine/core/status.hpp"
#include "engine/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace checkwatches::check {

// How often a bug is asked for. All of it is configuration. DESIGN.md says where the defaults are from:
// bench/staleness measures what they cost and how late a change is found.
struct schedule_policy {
    std::chrono::seconds active{std::chrono::days{1}};   // the bug changed lately
    std::chrono::seconds quiet{std::chrono::days{2}};    // no change for `quiet_after`
    std::chrono::seconds idle{std::chrono::hours{84}};   // no change for `idle_after`: twice a week
    std::chrono::seconds resolved{std::chrono::days{7}}; // resolved lately
    std::chrono::seconds settled{std::chrono::days{30}}; // resolved, no change for `settled_after`
    std::chrono::seconds quiet_after{std::chrono::days{45}};
    std::chrono::seconds idle_after{std::chrono::days{180}};
    std::chrono::seconds settled_after{std::chrono::days{120}};

    // A bug that changed less than `eager_for` ago is likely to change again: so often; and as if it were
    // active where it was resolved then, for some are reopened at once. bench/staleness shows what it is
    // worth.
    std::chrono::seconds eager{std::chrono::hours{6}};
    std::chrono::seconds eager_for{std::chrono::days{3}};

    // A bug that fails is asked half as often with each failure in a row, but at least this often.
    std::chrono::seconds most_bug_delay{std::chrono::days{7}};
    // A tracker that fails is transient: from the first to the longest delay, doubled with each failure in a
    // row.
    std::chrono::seconds first_tracker_delay{std::chrono::minutes{15}};
    std::chrono::seconds most_tracker_delay{std::chrono::hours{6}};

    // Each bug's own share of its interval by which it is early or late, from a hash of its id: 0.1 is ±10 %.
    double jitter = 0.1;

    // A bug that is not due yet goes along with a request that is made for others of its tracker anyway,
    // where that has room for it, once it is ripe: after this share of its interval. 1: none goes along.
    // Without it the jitter would make nearly each bug a request of its own (bench/staleness).
    double ripe_after = 0.1;

    bool operator==(schedule_policy const&) const = default;
};

// What the next check depends on.
struct schedule_input {
    std::optional<status> state{};
    std::optional<utc_time> changed_at{};
    outcome how{};
    std::int64_t failures = 0; // in a row, this check included
    std::optional<std::chrono::seconds> retry_after{};
    std::int64_t bug = 0; // its id: the jitter's seed
    utc_time now{};
};

// When to ask next. Pure.
utc_time next_check(schedule_policy const& policy, schedule_input const& in);

// A time within the shortest interval, from a hash of the bug: where an appointment is lost, bugs spread.
// Pure.
std::chrono::seconds scattered_delay(schedule_policy const& policy, std::int64_t bug);

// From when on a bug that was checked at `checked` and is due at `due` is ripe. Pure.
utc_time ripe_at(schedule_policy const& policy, utc_time checked, utc_time due);

// How long next_check() lets a bug wait, but for its own share. Pure.
std::chrono::seconds interval_of(schedule_policy const& policy, schedule_input const& in);
// A bug's own share of each of its intervals by which it is early or late, fixed for ever: from -jitter to
// +jitter. Pure.
double jitter_of(schedule_policy const& policy, std::int64_t bug);
// No appointment lies farther ahead, unless the tracker asked for it: one that does was made by a clock that
// was wrong. Pure.
std::chrono::seconds longest_interval(schedule_policy const& policy);
// How old what we know of a bug may become before a promise is broken: the interval of what was seen, the
// jitter, and a tenth for the work itself. `in.now` is when it was seen. Pure.
std::chrono::seconds promised_age(schedule_policy const& policy, schedule_input const& in);

// Why next_check() says what it says, in words: "changed less than 180 d ago: every 1 d". Pure.
std::string why_then(schedule_policy const& policy, schedule_input const& in);

// "3 d 12 h", "15 min", "45 s": a span for people, the two largest units.
std::string format_span(std::chrono::seconds span);
// "2026-11-22T08:15:30Z (3 h ago)", "2026-11-22T08:15:30Z (in 15 min)".
std::string format_when(utc_time at, utc_time now);

} // namespace checkwatches::check
