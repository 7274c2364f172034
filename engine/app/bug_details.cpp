#include "engine/app/bug_details.hpp"

#include "engine/app/health_json.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

template <class Word>
std::string title_or_blank(std::optional<Word> const& w)
{
    return w ? std::string{title(*w)} : "-";
}

void line(std::string_view name, std::string const& text)
{
    if (!text.empty())
        fmt::print("  {:<11} {}\n", name, one_line(text));
}

// "seen, 57 times from 2026-11-03T…Z to …"
std::string line_of(storage::check_run const& run)
{
    auto text = run.times == 1 ? fmt::format("{}, {}", word(run.how), format_time(run.last))
                               : fmt::format(
                                     "{}, {} times from {} to {}",
                                     word(run.how),
                                     run.times,
                                     format_time(run.first),
                                     format_time(run.last));
    return run.detail.empty() ? text : text + ": " + run.detail;
}

} // namespace

bug_details::bug_details(
    storage::reader const& in,
    adapters::registry const& kinds,
    check::schedule_policy const& policy,
    utc_time now)
    : in_{in},
      kinds_{kinds},
      policy_{policy},
      breakers_{in.breakers()},
      now_{now}
{}

check::explain_input bug_details::input_for(storage::shown_bug const& shown) const
{
    check::explain_input in{.bug = shown.bug, .tracker = shown.tracker, .host = shown.base_url, .now = now_};
    auto const of = storage::tracker_of(shown.bug.id);
    in.at_tracker = in_.state_of(of);
    in.tracker_breaker = breaker_of(breakers_, breaker_scope(of));
    if (auto const tracker = in_.tracker_by_name(shown.tracker))
        in.host = host_of(tracker->base_url, tracker->api_url);
    in.host_breaker = breaker_of(breakers_, in.host);
    return in;
}

void bug_details::print(storage::shown_bug const& shown, bool why) const
{
    auto const& bug = shown.bug;
    fmt::print("{}\n", url_of(kinds_, shown.kind, shown.base_url, bug.remote_id));
    line("title", bug.title);
    line("status", fmt::format("{} · {}", title_or_blank(bug.state), title_or_blank(bug.weight)));
    line("words", fmt::format("{} · {}", remote_status(bug.words), remote_importance(bug.words)));
    line("duplicate", bug.duplicate_of);
    auto const late = check::is_stale(policy_, bug, now_) ? ": longer than the schedule promises" : "";
    line("seen", age_of(bug.seen_at, now_) + late);
    line("changed", bug.changed_at ? format_time(*bug.changed_at) : "");
    line(
        "last check",
        bug.last_outcome ? fmt::format("{}, {}", word(*bug.last_outcome), age_of(bug.checked_at, now_)) : "");
    line("error", bug.error);
    auto const never = bug.next_check == storage::never;
    line(
        "next check",
        fmt::format("{} ({})", never ? "never" : format_time(bug.next_check), why_of(bug, policy_)));
    if (why) {
        auto const in = input_for(shown);
        for (auto const& text : check::explain(policy_, in).lines)
            line("why", text);
    }
    for (auto const& watch : in_.watches(bug.id))
        line("watched for", fmt::format("{} ({})", watch.label.empty() ? "-" : watch.label, watch.source));
    for (auto const& run : in_.runs(bug.id))
        line("checks", line_of(run));
}

std::string bug_details::json(storage::shown_bug const& shown, bool why) const
{
    auto out = json_of(shown, kinds_, policy_);
    out["stale"] = check::is_stale(policy_, shown.bug, now_);
    if (why) {
        auto const in = input_for(shown);
        out["explanation"] = json_of(check::explain(policy_, in), in, in_.runs(shown.bug.id));
    }
    return boost::json::serialize(out);
}

} // namespace checkwatches::app
