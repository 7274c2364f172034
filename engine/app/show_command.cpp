#include "engine/app/commands.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/json_lines.hpp"
#include "engine/app/table.hpp"

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

std::string joined(std::vector<std::string> const& texts)
{
    std::string out;
    for (auto const& text : texts)
        out += (out.empty() ? "" : ", ") + text;
    return out;
}

template <class Word>
std::string title_or_blank(std::optional<Word> const& w)
{
    return w ? std::string{title(*w)} : "-";
}

std::string age_of(std::optional<utc_time> const& at, utc_time now)
{
    if (!at)
        return "never";
    return check::format_span(std::chrono::duration_cast<std::chrono::seconds>(now - *at)) + " ago";
}

std::vector<std::string> row_of(storage::shown_bug const& shown, utc_time now)
{
    auto const& bug = shown.bug;
    return {
        shown.tracker,
        bug.remote_id,
        title_or_blank(bug.state),
        title_or_blank(bug.weight),
        remote_status(bug.words),
        bug.last_outcome ? std::string{word(*bug.last_outcome)} : "unchecked",
        age_of(bug.seen_at, now),
        joined(shown.labels),
        bug.title};
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

// Everything about one bug, for `show URL`.
void print_bug(
    storage::reader const& in,
    storage::shown_bug const& shown,
    adapters::registry const& kinds,
    check::schedule_policy const& policy)
{
    auto const& bug = shown.bug;
    auto const now = utc_now();
    auto const line = [](std::string_view name, std::string const& text) {
        if (!text.empty())
            fmt::print("  {:<11} {}\n", name, one_line(text));
    };
    fmt::print("{}\n", url_of(kinds, shown.kind, shown.base_url, bug.remote_id));
    line("title", bug.title);
    line("status", fmt::format("{} · {}", title_or_blank(bug.state), title_or_blank(bug.weight)));
    line("words", fmt::format("{} · {}", remote_status(bug.words), remote_importance(bug.words)));
    line("duplicate", bug.duplicate_of);
    line("seen", age_of(bug.seen_at, now));
    line("changed", bug.changed_at ? format_time(*bug.changed_at) : "");
    line(
        "last check",
        bug.last_outcome ? fmt::format("{}, {}", word(*bug.last_outcome), age_of(bug.checked_at, now)) : "");
    line("error", bug.error);
    line("next check", fmt::format("{} ({})", format_time(bug.next_check), why_of(bug, policy)));
    for (auto const& watch : in.watches(bug.id))
        line("watched for", fmt::format("{} ({})", watch.label.empty() ? "-" : watch.label, watch.source));
    for (auto const& run : in.runs(bug.id))
        line("checks", line_of(run));
}

} // namespace

exit_code run_show(global_options const& global, config const& conf, show_options const& options)
{
    adapters::registry const kinds;
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const bugs = find_bugs(**reader, kinds, options.urls);
    if (!bugs)
        return fail(bugs.error());
    for (auto const& name : options.trackers)
        if (!(*reader)->tracker_by_name(name))
            return fail({.kind = error_kind::usage, .message = "there is no tracker \"" + name + "\""});

    storage::bug_filter const which{
        .bugs = *bugs, .trackers = options.trackers, .label = options.label, .how = options.how};
    auto const now = utc_now();
    table shown{{"TRACKER", "BUG", "STATUS", "IMPORTANCE", "REMOTE", "CHECK", "SEEN", "LABELS", "TITLE"}};
    (*reader)->each_bug(which, [&](storage::shown_bug const& bug) {
        if (options.json)
            fmt::print("{}\n", json_of(bug, kinds, conf.engine.pass.policy));
        else if (!options.urls.empty())
            print_bug(**reader, bug, kinds, conf.engine.pass.policy);
        else
            shown.add(row_of(bug, now));
    });
    if (options.json || !options.urls.empty())
        return exit_code::done;
    if (shown.empty())
        fmt::print("No bug fits. `checkwatches add URL` watches one.\n");
    else
        fmt::print("{}", shown.text(terminal_width()));
    return exit_code::done;
}

} // namespace checkwatches::app
