#include "engine/app/status_text.hpp"

#include "engine/app/table.hpp"
#include "engine/check/policy.hpp"
#include "engine/core/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

constexpr std::size_t most_rows = 20;

std::string span(utc_time from, utc_time to)
{
    return check::format_span(
        std::max(std::chrono::duration_cast<std::chrono::seconds>(to - from), std::chrono::seconds::zero()));
}

std::string ago(std::optional<utc_time> const& at, utc_time now)
{
    return at ? span(*at, now) + " ago" : "never";
}

std::string number(std::int64_t n)
{
    return grouped(static_cast<std::size_t>(n));
}

// "48,190 of 48,210 bugs are fresh; the oldest overdue one waits for 3 min; last commit 12 s ago."
std::string facts_of(health const& h)
{
    auto const sum = totals_of(h);
    auto text = fmt::format("{} of {} bugs are fresh", number(sum.bugs - sum.due), number(sum.bugs));
    if (sum.oldest_due)
        text += fmt::format("; the oldest overdue one waits for {}", span(*sum.oldest_due, h.now));
    auto const committed = h.live && h.live->writer.committed_at ? h.live->writer.committed_at
                           : h.engine                            ? h.engine->committed_at
                                                                 : std::nullopt;
    return text + fmt::format("; last commit {}.", ago(committed, h.now));
}

std::string why_behind(health const& h, std::chrono::seconds most_behind)
{
    auto const& writer = h.live->writer;
    if (writer.stuck_since)
        return fmt::format(
            "Behind: the database takes nothing since {} ({}); {} wait.",
            span(*writer.stuck_since, h.now),
            writer.why,
            counted(writer.pending, "write"));
    if (h.live->offline)
        return "Behind: this machine is offline.";
    return fmt::format("Behind: overdue for more than {}.", check::format_span(most_behind));
}

std::string why_not_running(health const& h)
{
    if (!h.silence.empty())
        return fmt::format("Not answering: {}.", h.silence);
    if (!h.engine)
        return "Not running: no instance was ever resident over this database.";
    if (h.engine->stopped_at)
        return fmt::format("Not running: stopped {}.", ago(h.engine->stopped_at, h.now));
    return fmt::format(
        "Not running: process {}, started {}, died without a word.",
        h.engine->pid,
        ago(h.engine->started_at, h.now));
}

std::string trouble_of(tracker_health const& tracker, utc_time now)
{
    if (tracker.state.paused)
        return tracker.state.note.empty() ? "paused" : "paused: " + tracker.state.note;
    if (tracker.breaker)
        return fmt::format(
            "{}, next try in {}: {}",
            word(tracker.breaker->how),
            span(now, tracker.breaker->open_until),
            tracker.breaker->detail);
    if (tracker.state.moved_to)
        return "moved to " + *tracker.state.moved_to;
    return tracker.counts.failing == 0 ? "overdue" : "some bugs fail";
}

std::string table_of(health const& h, std::chrono::seconds most_behind, std::size_t width)
{
    table shown{{"TRACKER", "BUGS", "DUE", "FAILING", "LAST SUCCESS", "WHY"}};
    std::size_t left_out = 0;
    std::size_t rows = 0;
    for (auto const& tracker : h.trackers) {
        if (!needs_attention(tracker, h.now, most_behind))
            continue;
        if (++rows > most_rows) {
            ++left_out;
            continue;
        }
        shown.add(
            {tracker.name,
             number(tracker.counts.bugs),
             number(tracker.counts.due),
             number(tracker.counts.failing),
             ago(tracker.state.succeeded_at ? tracker.state.succeeded_at : tracker.counts.last_seen, h.now),
             trouble_of(tracker, h.now)});
    }
    if (rows == 0)
        return {};
    auto text = "\n" + shown.text(width);
    if (left_out != 0)
        text += fmt::format("and {}\n", counted(left_out, "more tracker"));
    return text;
}

std::string activity_of(health const& h)
{
    auto const& live = *h.live;
    return fmt::format(
        "{} being asked for at {}, {} put off; {} waiting; {} under way; {} open\n",
        counted(live.in_flight, "bug"),
        counted(live.active_trackers, "tracker"),
        live.deferred,
        counted(live.waiting_trackers, "tracker"),
        counted(live.passes, "check"),
        counted(h.breakers.size(), "breaker"));
}

// One line on watch lists, and one for each that is bad or held.
std::string lists_text(health const& h)
{
    auto const sum = lists_of(h);
    if (sum.lists == 0)
        return {};
    auto text = fmt::format(
        "{}, {} bad; {} watched, {} waiting, {} bad\n",
        counted(static_cast<std::size_t>(sum.lists), "watch list"),
        sum.bad,
        sum.watched == 1 ? "1 entry" : number(sum.watched) + " entries",
        number(sum.waiting),
        number(sum.bad_entries));
    std::int64_t rows = 0;
    for (auto const& list : h.lists) {
        if (list.trouble.empty())
            continue;
        if (++rows > static_cast<std::int64_t>(most_rows)) {
            text += "and more: `checkwatches watchlist list` shows all\n";
            break;
        }
        auto const place = list.line == 0 ? std::string{} : fmt::format(":{}:{}", list.line, list.column);
        text += one_line(fmt::format(
                    "list {}, {}{}: {} (read {})",
                    list.name,
                    list.path,
                    place,
                    list.trouble,
                    ago(list.read_at, h.now)))
                + "\n";
    }
    return text;
}

} // namespace

std::string sentence_of(health const& h, std::chrono::seconds most_behind)
{
    switch (judge(h, most_behind)) {
    case verdict::alive: return "Alive. " + facts_of(h);
    case verdict::behind: return why_behind(h, most_behind) + " " + facts_of(h);
    case verdict::not_running: break;
    }
    return why_not_running(h) + " " + facts_of(h);
}

std::string text_of(health const& h, std::chrono::seconds most_behind, std::size_t width)
{
    auto text = one_line(sentence_of(h, most_behind)) + "\n";
    if (h.live)
        text += activity_of(h);
    for (auto const& incident : h.incidents)
        if (!incident.ended)
            text += one_line(fmt::format(
                        "{} since {} ({}){}{}",
                        incident.kind,
                        format_time(incident.began),
                        ago(incident.began, h.now),
                        incident.detail.empty() ? "" : ": ",
                        incident.detail))
                    + "\n";
    for (auto const& sink : h.failing_sinks)
        text += one_line(fmt::format(
                    "the sink {} fails, since {}, after {}: {}",
                    sink.name,
                    ago(sink.failing_since, h.now),
                    sink.tries == 1 ? "one try" : fmt::format("{} tries", sink.tries),
                    sink.trouble))
                + "\n";
    for (auto const& digest : h.letters)
        text += one_line(fmt::format(
                    "the digest {} has {} on the way and {} parked{}{}",
                    digest.digest,
                    counted(digest.waiting, "letter"),
                    grouped(digest.parked),
                    digest.trouble.empty() ? "" : ": ",
                    digest.trouble))
                + "\n";
    return text + lists_text(h) + table_of(h, most_behind, width);
}

} // namespace checkwatches::app
