#include "engine/check/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace checkwatches::check {
namespace {

using std::chrono::seconds;

seconds between(utc_time from, utc_time to)
{
    return std::chrono::duration_cast<seconds>(to - from);
}

schedule_input input_of(storage::bug_state const& bug, outcome how, utc_time at)
{
    return {
        .state = bug.state,
        .changed_at = bug.changed_at,
        .how = how,
        .failures = bug.failures,
        .bug = static_cast<std::int64_t>(bug.id),
        .now = at};
}

std::string line_of_facts(explain_input const& in)
{
    auto const& bug = in.bug;
    return fmt::format(
        "its status is {}, its last change {}",
        bug.state ? title(*bug.state) : "not known",
        bug.changed_at ? "was at " + format_when(*bug.changed_at, in.now) : "is not known");
}

std::string line_of_jitter(explanation const& e)
{
    auto const span = seconds{std::llround(std::abs(e.jitter) * static_cast<double>(e.interval.count()))};
    return fmt::format(
        "its own share of each interval, fixed by its id: {:.1f} % {} ({})",
        std::abs(e.jitter) * 100,
        e.jitter < 0 ? "early" : "late",
        format_span(span));
}

// Why the appointment is not what the policy says.
std::string difference_of(schedule_policy const& policy, explain_input const& in, explanation const& e)
{
    auto const& bug = in.bug;
    if (e.clock_fault)
        return fmt::format(
            "that is farther ahead than the longest interval ({}): a clock was wrong when it was made",
            format_span(longest_interval(policy)));
    if (!e.by_policy || *e.by_policy == bug.next_check)
        return {};
    if (bug.failures == 0 && !is_success(bug.last_outcome.value_or(outcome::seen)))
        return "its failures were forgotten: it, or its tracker, was reset";
    if (is_tracker_failure(bug.last_outcome.value_or(outcome::seen)) && bug.next_check > *e.by_policy)
        return "the tracker asked for that wait, or its breaker did";
    return bug.next_check < *e.by_policy ? "it was brought forward, or the configuration was another then"
                                         : "it was put off, or the configuration was another then";
}

void explain_holds(explain_input const& in, explanation& e)
{
    if (in.at_tracker.paused)
        e.lines.push_back(fmt::format(
            "{} is paused{}: it is not asked until `checkwatches tracker resume {}`",
            in.tracker,
            in.at_tracker.note.empty() ? "" : " (" + in.at_tracker.note + ")",
            in.tracker));
    auto const add = [&](std::string const& whose, std::optional<storage::breaker_record> const& breaker) {
        if (!breaker)
            return;
        e.lines.push_back(breaker_in_words(whose, *breaker, in.now));
        if (breaker->open_until > in.now)
            e.held_until = std::max(breaker->open_until, e.held_until.value_or(breaker->open_until));
    };
    add(in.tracker, in.tracker_breaker);
    add(in.host, in.host_breaker);
}

// What is to be expected, all in all.
std::string line_of_end(explain_input const& in, explanation const& e)
{
    auto const appointment = format_when(e.next_check, in.now);
    if (e.paused)
        return "so: not before the tracker is resumed; its appointment is " + appointment;
    if (e.held_until && *e.held_until > e.next_check)
        return fmt::format(
            "so: not before {}; its appointment is {}", format_when(*e.held_until, in.now), appointment);
    return (e.due ? "so: due since " : "so: due at ") + appointment;
}

} // namespace

std::string breaker_in_words(std::string const& whose, storage::breaker_record const& breaker, utc_time now)
{
    auto const failed = fmt::format(
        "{} failed {} in a row, last with {}{}",
        whose,
        breaker.failures == 1 ? "once" : fmt::format("{} times", breaker.failures),
        word(breaker.how),
        breaker.detail.empty() ? "" : ": " + breaker.detail);
    if (breaker.open_until <= now)
        return failed + "; the next request tries it";
    return fmt::format(
        "{}; nothing there is asked before {}{}",
        failed,
        format_when(breaker.open_until, now),
        breaker.announced ? ", as it asked itself" : "");
}

explanation explain(schedule_policy const& policy, explain_input const& in)
{
    auto const& bug = in.bug;
    if (bug.next_check == storage::never)
        return {.reason = why_never(bug), .next_check = bug.next_check, .lines = {why_never(bug)}};
    explanation e{
        .reason = "never checked: due at once",
        .jitter = jitter_of(policy, static_cast<std::int64_t>(bug.id)),
        .next_check = bug.next_check,
        .clock_fault = bug.next_check > in.now + longest_interval(policy),
        .paused = in.at_tracker.paused,
        .due = bug.next_check <= in.now};
    if (bug.last_outcome && bug.checked_at) {
        auto const last = input_of(bug, *bug.last_outcome, *bug.checked_at);
        e.reason = why_then(policy, last);
        e.interval = interval_of(policy, last);
        e.by_policy = next_check(policy, last);
        e.lines = {
            line_of_facts(in),
            fmt::format("the last check ended in {} at {}", word(last.how), format_when(last.now, in.now)),
            e.reason,
            line_of_jitter(e),
            "the policy's appointment: " + format_when(*e.by_policy, in.now)};
        if (auto const ripe = ripe_at(policy, last.now, bug.next_check); !e.due && ripe < bug.next_check)
            e.lines.push_back(
                "where a request for others of its tracker has room, it goes along from "
                + format_when(ripe, in.now) + " on");
    }
    else {
        e.lines = {e.reason};
    }
    e.difference = difference_of(policy, in, e);
    if (!e.difference.empty())
        e.lines.push_back(
            "the appointment as it stands: " + format_when(e.next_check, in.now) + "; " + e.difference);
    e.lines.push_back("asked at " + in.host);
    explain_holds(in, e);
    e.lines.push_back(line_of_end(in, e));
    return e;
}

std::string why_never(storage::bug_state const& bug)
{
    if (bug.last_outcome == outcome::moved)
        return "not asked any more: it moved to " + bug.error + ", and its watches went with it";
    return "never asked: its tracker is of a kind that only links lead to";
}

bool is_stale(schedule_policy const& policy, storage::bug_state const& bug, utc_time now)
{
    if (!bug.seen_at || bug.next_check == storage::never)
        return false;
    auto const seen = input_of(bug, outcome::seen, *bug.seen_at);
    return between(*bug.seen_at, now) > promised_age(policy, seen);
}

} // namespace checkwatches::check
