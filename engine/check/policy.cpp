#include "engine/check/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::check {
namespace {

using std::chrono::seconds;

// How lively a bug is.
enum class pace { eager, active, quiet, idle, just_resolved, resolved, settled };

pace pace_of(schedule_policy const& policy, schedule_input const& in)
{
    // A bug whose change is not known counts as just changed: it is young to us.
    auto const unchanged = std::chrono::duration_cast<seconds>(in.now - in.changed_at.value_or(in.now));
    if (in.state && is_at_rest(*in.state)) {
        if (in.changed_at && unchanged < policy.eager_for)
            return pace::just_resolved;
        return unchanged > policy.settled_after ? pace::settled : pace::resolved;
    }
    if (unchanged >= policy.idle_after)
        return pace::idle;
    if (unchanged < policy.eager_for)
        return pace::eager;
    return unchanged >= policy.quiet_after ? pace::quiet : pace::active;
}

seconds pace_interval(schedule_policy const& policy, pace p)
{
    switch (p) {
    case pace::eager: return policy.eager;
    case pace::quiet: return policy.quiet;
    case pace::idle: return policy.idle;
    case pace::resolved: return policy.resolved;
    case pace::settled: return policy.settled;
    case pace::just_resolved: return std::min(policy.active, policy.resolved);
    case pace::active: break;
    }
    return policy.active;
}

std::string reason_of(schedule_policy const& policy, pace p)
{
    switch (p) {
    case pace::eager: return fmt::format("changed less than {} ago", format_span(policy.eager_for));
    case pace::quiet: return "unchanged for more than " + format_span(policy.quiet_after);
    case pace::idle: return "unchanged for more than " + format_span(policy.idle_after);
    case pace::just_resolved: return fmt::format("resolved less than {} ago", format_span(policy.eager_for));
    case pace::resolved: return fmt::format("resolved less than {} ago", format_span(policy.settled_after));
    case pace::settled: return fmt::format("resolved more than {} ago", format_span(policy.settled_after));
    case pace::active: break;
    }
    return fmt::format("changed less than {} ago", format_span(policy.quiet_after));
}

// `first` doubled `times` times, at most `most`.
seconds doubled(seconds first, std::int64_t times, seconds most)
{
    seconds delay = first;
    for (std::int64_t i = 0; i < times && delay < most; ++i)
        delay *= 2;
    return std::min(delay, most);
}

// `share` of a span: 0.1 of ten minutes is a minute.
seconds part_of(seconds span, double share)
{
    return seconds{static_cast<std::int64_t>(static_cast<double>(span.count()) * share)};
}

// A number between -1 and 1 that depends on nothing but the bug (splitmix64's finisher).
double offset_of(std::int64_t bug)
{
    auto x = static_cast<std::uint64_t>(bug) + 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    x ^= x >> 31U;
    return static_cast<double>(x >> 11U) / static_cast<double>(1ULL << 52U) - 1.0;
}

} // namespace

utc_time next_check(schedule_policy const& policy, schedule_input const& in)
{
    if (is_tracker_failure(in.how) && in.retry_after)
        return in.now + *in.retry_after;
    auto const interval = interval_of(policy, in);
    return in.now + interval + part_of(interval, jitter_of(policy, in.bug));
}

seconds interval_of(schedule_policy const& policy, schedule_input const& in)
{
    if (is_tracker_failure(in.how))
        return doubled(policy.first_tracker_delay, in.failures - 1, policy.most_tracker_delay);
    auto const interval = pace_interval(policy, pace_of(policy, in));
    if (is_success(in.how))
        return interval;
    return std::max(interval, doubled(interval, in.failures, policy.most_bug_delay));
}

double jitter_of(schedule_policy const& policy, std::int64_t bug)
{
    return policy.jitter * offset_of(bug);
}

seconds longest_interval(schedule_policy const& policy)
{
    auto const longest = std::max(
        {policy.eager,
         policy.active,
         policy.quiet,
         policy.idle,
         policy.resolved,
         policy.settled,
         policy.most_bug_delay,
         policy.most_tracker_delay});
    return longest + part_of(longest, policy.jitter);
}

seconds promised_age(schedule_policy const& policy, schedule_input const& in)
{
    auto const interval = pace_interval(policy, pace_of(policy, in));
    return interval + part_of(interval, policy.jitter) + interval / 10;
}

seconds scattered_delay(schedule_policy const& policy, std::int64_t bug)
{
    auto const share = (offset_of(bug) + 1.0) / 2.0;
    return seconds{static_cast<std::int64_t>(static_cast<double>(policy.active.count()) * share)};
}

utc_time ripe_at(schedule_policy const& policy, utc_time checked, utc_time due)
{
    auto const share = static_cast<double>((due - checked).count()) * policy.ripe_after;
    return checked + std::chrono::milliseconds{static_cast<std::int64_t>(share)};
}

std::string why_then(schedule_policy const& policy, schedule_input const& in)
{
    if (is_tracker_failure(in.how) && in.retry_after)
        return "the tracker asked to wait " + format_span(*in.retry_after);
    auto const delay = format_span(interval_of(policy, in));
    if (is_success(in.how))
        return fmt::format("{}: every {}", reason_of(policy, pace_of(policy, in)), delay);
    return fmt::format("{} ({} in a row): again after {}", word(in.how), in.failures, delay);
}

std::string format_span(seconds span)
{
    struct unit {
        std::int64_t length;
        std::string_view name;
    };
    static constexpr std::array units{unit{86'400, "d"}, unit{3'600, "h"}, unit{60, "min"}, unit{1, "s"}};

    auto rest = std::abs(span.count());
    std::string out;
    int shown = 0;
    for (auto const& [length, name] : units) {
        auto const count = rest / length;
        rest %= length;
        if (count != 0) {
            out += fmt::format("{}{} {}", out.empty() ? "" : " ", count, name);
            ++shown;
        }
        if (shown == 2 || (shown == 1 && count == 0))
            break;
    }
    return out.empty() ? "0 s" : out;
}

std::string format_when(utc_time at, utc_time now)
{
    auto const span = format_span(std::chrono::duration_cast<seconds>(at - now));
    return fmt::format("{} ({})", format_time(at), at <= now ? span + " ago" : "in " + span);
}

} // namespace checkwatches::check
