#include "engine/app/commands.hpp"
#include "engine/app/find_tracker.hpp"
#include "engine/app/spans.hpp"
#include "engine/app/table.hpp"
#include "engine/check/explain.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace checkwatches::app {
namespace {

constexpr std::size_t most_errors = 5; // shown; `errors --tracker` has them all

void line(std::string_view name, std::string const& text)
{
    if (!text.empty())
        fmt::print("  {:<11} {}\n", name, one_line(text));
}

std::string state_of(serve::tracker_view const& view)
{
    std::string state{serve::state_word(view)};
    if (view.state.paused && !view.state.note.empty())
        return state + ": " + view.state.note;
    return state;
}

void print_capabilities(serve::tracker_view const& view, utc_time now)
{
    if (!view.can) {
        line("asked by", "not known: it was never probed");
        return;
    }
    auto const& can = view.can->can;
    line(
        "asked by",
        fmt::format(
            "{}{}, {} in a request{}",
            can.protocol,
            can.version.empty() ? "" : ", version " + can.version,
            can.batch == 1 ? "1 bug" : fmt::format("{} bugs", can.batch),
            can.changed_since ? "; can say what changed" : ""));
    line(
        "tells",
        fmt::format("status{}{}", can.importance ? ", importance" : "", can.comments ? ", comments" : ""));
    line("as", can.identity.empty() ? "anonymous" : can.identity);
    line(
        "probed",
        fmt::format(
            "{}, believed until {}", when(view.can->probed_at, now), format_time(view.can->expires_at)));
}

void print_bugs(serve::tracker_view const& view, utc_time now)
{
    auto const& counts = view.counts;
    auto text = fmt::format("{} watched, {} due", counts.bugs, counts.due);
    if (counts.oldest_due)
        text += fmt::format(" (the oldest {})", age_of(counts.oldest_due, now));
    line("bugs", fmt::format("{}, {} failing, {} never checked", text, counts.failing, counts.never_checked));
    line("asked", when(view.state.tried_at, now));
    line("answered", when(view.state.succeeded_at, now));
    if (auto const& skew = view.state.skew)
        line(
            "clock",
            fmt::format(
                "{} {} ours",
                check::format_span(std::chrono::duration_cast<std::chrono::seconds>(*skew)),
                skew->count() < 0 ? "behind" : "ahead of"));
}

void print_settings(serve::tracker_view const& view)
{
    std::string text;
    for (auto const& [key, value] : settings_in_words(view.state.settings))
        text += fmt::format("{}={}, ", key, value);
    line("settings", text + (text.empty() ? "the configuration's" : "the rest is the configuration's"));
}

void print_comments(serve::tracker_view const& view)
{
    constexpr std::size_t most_months = 12;
    for (std::size_t i = 0; i != std::min(view.comments.size(), most_months); ++i) {
        auto const& c = view.comments[i];
        line(
            i == 0 ? "comments" : "",
            fmt::format("{}: {} seen, {} imported, {} failures", c.month, c.seen, c.imported, c.failed));
    }
}

void print_troubles(serve::tracker_view const& view, utc_time now)
{
    if (view.breaker)
        line("breaker", check::breaker_in_words(view.row.name, *view.breaker, now));
    line("host", view.host);
    if (view.host_breaker)
        line("", check::breaker_in_words(view.host, *view.host_breaker, now));
    std::size_t shown = 0;
    for (auto const& s : view.signatures) {
        if (shown++ == most_errors) {
            line("", fmt::format("and more: checkwatches errors --tracker {}", view.row.name));
            return;
        }
        line(
            shown == 1 ? "errors" : "",
            fmt::format(
                "{} {} now, {} times since {}: {}: {}",
                s.bugs,
                s.bugs == 1 ? "bug" : "bugs",
                s.times,
                format_time(s.first_seen),
                word(s.how),
                s.message));
    }
}

} // namespace

exit_code run_tracker_show(global_options const& global, config const&, tracker_show_options const& options)
{
    auto const reader = storage::reader::open(global.database);
    if (!reader)
        return fail(reader.error());
    auto const tracker = find_tracker_named(**reader, options.tracker);
    if (!tracker)
        return fail(tracker.error());
    auto const now = utc_now();
    auto const views = serve::view_of(
        **reader, {*tracker}, (*reader)->counts(now), std::numeric_limits<std::int64_t>::max());
    auto const& view = views.front();
    if (options.json) {
        fmt::print("{}\n", boost::json::serialize(serve::json_of(view)));
        return exit_code::done;
    }
    fmt::print(
        "{}\n", one_line(fmt::format("{}: {} at {}", tracker->name, tracker->kind, tracker->base_url)));
    line("api", tracker->api_url.value_or(""));
    for (auto const& alias : view.aliases)
        line("also at", alias == tracker->base_url ? "" : alias);
    line("state", state_of(view));
    line("moved to", view.state.moved_to.value_or(""));
    print_capabilities(view, now);
    print_bugs(view, now);
    print_settings(view);
    print_comments(view);
    print_troubles(view, now);
    return exit_code::done;
}

} // namespace checkwatches::app
