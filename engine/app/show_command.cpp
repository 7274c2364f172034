#include "engine/app/bug_details.hpp"
#include "engine/app/commands.hpp"
#include "engine/app/find_bugs.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/app/spans.hpp"
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

// What was seen longer ago than the schedule promises is marked.
std::vector<std::string> row_of(storage::shown_bug const& shown, bug_details const& details)
{
    auto const& bug = shown.bug;
    auto const now = details.now();
    auto const chain = details.chain_of(shown);
    auto const& verdict = details.judged(shown, chain);
    auto const mark = details.is_late(bug, verdict) ? " !" : "";
    return {
        shown.tracker,
        bug.remote_id,
        title_or_blank(verdict.state),
        title_or_blank(verdict.weight),
        remote_status(bug.words),
        bug.last_outcome ? std::string{word(*bug.last_outcome)} : "unchecked",
        age_of(bug.seen_at, now) + mark,
        joined(shown.labels),
        bug.title};
}

} // namespace

exit_code run_show(global_options const& global, config const& conf, show_options const& options)
{
    auto const kinds = load_kinds(conf).all;
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const bugs = find_bugs(**reader, kinds, options.urls);
    if (!bugs)
        return fail(bugs.error());
    if (auto const known = check_names(**reader, options.trackers); !known)
        return fail(known.error());

    storage::bug_filter const which{
        .bugs = *bugs, .trackers = options.trackers, .label = options.label, .how = options.how};
    auto const& policy = conf.engine.pass.policy;
    bug_details const details{**reader, kinds, policy, conf.duplicates, utc_now()};
    bool const in_full = options.why || !options.urls.empty();
    std::size_t stale = 0;
    table shown{{"TRACKER", "BUG", "STATUS", "IMPORTANCE", "REMOTE", "CHECK", "SEEN", "LABELS", "TITLE"}};
    (*reader)->each_bug(which, [&](storage::shown_bug const& bug) {
        stale += details.is_late(bug.bug, details.judged(bug, details.chain_of(bug))) ? 1 : 0;
        if (options.json)
            fmt::print("{}\n", details.json(bug, options.why));
        else if (in_full)
            details.print(bug, options.why);
        else
            shown.add(row_of(bug, details));
    });
    if (options.json || in_full)
        return exit_code::done;
    if (shown.empty())
        fmt::print("No bug fits. `checkwatches add URL` watches one.\n");
    else
        fmt::print("{}", shown.text(terminal_width()));
    if (stale != 0)
        fmt::print(
            "! {} seen longer ago than the schedule promises; `checkwatches show URL --why` says why.\n",
            stale == 1 ? "1 bug was" : fmt::format("{} bugs were", stale));
    return exit_code::done;
}

} // namespace checkwatches::app
