#include "engine/app/bug_details.hpp"

#include "engine/app/health_json.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"
#include "engine/serve/api/json_of.hpp"

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

// Why a chain of duplicates has no known end; empty where it has one.
std::string end_of(intake::duplicate_chain const& chain)
{
    if (chain.loops)
        return "itself: the chain is a loop";
    if (chain.is_cut)
        return fmt::format("more: only {} are followed", intake::longest_chain);
    return chain.unknown.empty() ? "" : chain.unknown + " (not watched)";
}

} // namespace

bug_details::bug_details(
    storage::reader const& in,
    adapters::registry const& kinds,
    check::schedule_policy const& policy,
    intake::duplicate_policy duplicates,
    utc_time now)
    : in_{in},
      kinds_{kinds},
      policy_{policy},
      duplicates_{duplicates},
      breakers_{in.breakers()},
      now_{now}
{}

intake::duplicate_chain bug_details::chain_of(storage::shown_bug const& shown) const
{
    return intake::chain_of(in_, kinds_, shown);
}

storage::bug_state const&
bug_details::judged(storage::shown_bug const& shown, intake::duplicate_chain const& chain) const noexcept
{
    auto const* const master = duplicates_ == intake::duplicate_policy::master ? chain.master() : nullptr;
    return master == nullptr ? shown.bug : master->bug;
}

bool bug_details::is_late(storage::bug_state const& bug, storage::bug_state const& verdict) const
{
    return check::is_stale(policy_, bug, now_) || check::is_stale(policy_, verdict, now_);
}

check::explain_input bug_details::input_for(storage::shown_bug const& shown) const
{
    check::explain_input in{.bug = shown.bug, .tracker = shown.tracker, .host = shown.base_url, .now = now_};
    auto const of = storage::tracker_of(shown.bug.id);
    in.at_tracker = in_.state_of(of);
    in.tracker_breaker = serve::breaker_of(breakers_, serve::breaker_scope(of));
    if (auto const tracker = in_.tracker_by_name(shown.tracker))
        in.host = serve::host_of(tracker->base_url, tracker->api_url);
    in.host_breaker = serve::breaker_of(breakers_, in.host);
    return in;
}

check::explanation bug_details::explain(storage::shown_bug const& shown) const
{
    return check::explain(policy_, input_for(shown));
}

void bug_details::print(storage::shown_bug const& shown, bool why) const
{
    auto const& bug = shown.bug;
    auto const chain = chain_of(shown);
    auto const& verdict = judged(shown, chain);
    fmt::print("{}\n", url_of(kinds_, shown.kind, shown.base_url, bug.remote_id));
    line("title", bug.title);
    auto const whose = &verdict == &bug ? "" : " (of the bug that it is a duplicate of)";
    line(
        "status",
        fmt::format("{} · {}{}", title_or_blank(verdict.state), title_or_blank(verdict.weight), whose));
    line("words", fmt::format("{} · {}", remote_status(bug.words), remote_importance(bug.words)));
    line("duplicate", bug.duplicate_of);
    for (auto const& next : chain.bugs)
        line(
            "leads to",
            fmt::format(
                "{} ({} · {})",
                url_of(kinds_, next.kind, next.base_url, next.bug.remote_id),
                title_or_blank(next.bug.state),
                title_or_blank(next.bug.weight)));
    line("leads to", end_of(chain));
    auto const late = is_late(bug, verdict) ? ": longer than the schedule promises" : "";
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
    if (why)
        for (auto const& text : explain(shown).lines)
            line("why", text);
    for (auto const& watch : in_.watches(bug.id))
        line("watched for", fmt::format("{} ({})", watch.label.empty() ? "-" : watch.label, watch.source));
    for (auto const& run : in_.runs(bug.id))
        line("checks", line_of(run));
}

std::string bug_details::json(storage::shown_bug const& shown, bool why) const
{
    auto out = json_of(shown, kinds_, policy_);
    auto const chain = chain_of(shown);
    auto const& verdict = judged(shown, chain);
    boost::json::array leads_to;
    for (auto const& next : chain.bugs)
        leads_to.push_back(boost::json::object{
            {"url", url_of(kinds_, next.kind, next.base_url, next.bug.remote_id)},
            {"status", serve::or_null(next.bug.state, [](status s) { return title(s); })},
            {"importance", serve::or_null(next.bug.weight, [](importance i) { return title(i); })}});
    out["stale"] = is_late(shown.bug, verdict);
    out["status"] = serve::or_null(verdict.state, [](status s) { return title(s); });
    out["importance"] = serve::or_null(verdict.weight, [](importance i) { return title(i); });
    out["verdict_of"] = &verdict == &shown.bug ? "itself" : "master";
    out["leads_to"] = std::move(leads_to);
    out["leads_nowhere"] = serve::text_or_null(end_of(chain));
    if (why) {
        auto const in = input_for(shown);
        out["explanation"] = json_of(check::explain(policy_, in), in, in_.runs(shown.bug.id));
    }
    return boost::json::serialize(out);
}

} // namespace checkwatches::app
