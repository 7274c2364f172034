#include "engine/app/progress.hpp"

#include "engine/app/json_lines.hpp"
#include "engine/app/table.hpp"
#include "engine/core/numbers.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace checkwatches::app {
namespace {

std::string in_seconds(std::chrono::milliseconds span)
{
    return fmt::format("{:.1f} s", static_cast<double>(span.count()) / 1000.0);
}

} // namespace

void progress::on_plan(std::size_t trackers, std::size_t bugs)
{
    trackers_ = trackers;
    bugs_ = bugs;
}

void progress::on_batch(check::tracker_tally const& so_far)
{
    auto& mine = by_tracker_[so_far.tracker];
    counts const now{.asked = so_far.asked(), .seen = so_far.seen()};
    total_.asked += now.asked - mine.asked;
    total_.seen += now.seen - mine.seen;
    mine = now;
    if (how_ == manner::live)
        draw();
    if (verbose_)
        fmt::print(stderr, "{}: {} of {} asked, {} seen\n", so_far.tracker, now.asked, so_far.due, now.seen);
}

void progress::on_tracker(check::tracker_tally const& done)
{
    ++trackers_done_;
    switch (how_) {
    case manner::live: draw(); break;
    case manner::lines: fmt::print("{}\n", line_of(done)); break;
    case manner::json: fmt::print("{}\n", json_of(done)); break;
    }
    if (how_ != manner::live)
        std::fflush(stdout);
}

void progress::draw() const
{
    fmt::print(
        stderr,
        "\r\x1b[K{} of {} trackers, {} of {} bugs, {} failed",
        grouped(trackers_done_),
        grouped(trackers_),
        grouped(total_.asked),
        grouped(bugs_),
        grouped(total_.asked - total_.seen));
    std::fflush(stderr);
}

void progress::finish()
{
    if (how_ == manner::live) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
}

std::string line_of(check::tracker_tally const& tally)
{
    auto line = fmt::format("{}: {} of {} seen", tally.tracker, tally.seen(), tally.due);
    for (auto const& [how, count] : tally.outcomes)
        if (!is_success(how))
            line += fmt::format(", {} {}", count, word(how));
    if (tally.not_asked() != 0)
        line += fmt::format(", {} not asked", tally.not_asked());
    line += fmt::format(
        "; {} ({}, {})",
        counted(tally.changes, "change"),
        counted(tally.requests, "request"),
        in_seconds(tally.elapsed));
    if (tally.trouble)
        line += "; " + to_string(*tally.trouble);
    return one_line(line);
}

std::string complaints_of(std::vector<check::tracker_tally> const& all)
{
    std::string out;
    for (auto const& tally : all) {
        if (tally.trouble)
            out += one_line(fmt::format("{}: {}", tally.tracker, to_string(*tally.trouble))) + "\n";
        if (tally.moved_to)
            out += one_line(
                       fmt::format("{}: says that it moved to {}", tally.tracker, redacted(*tally.moved_to)))
                   + "\n";
        for (auto const& bug : tally.failed)
            out += one_line(fmt::format(
                       "{} {}: {}{}{}",
                       tally.tracker,
                       bug.remote_id,
                       word(bug.how),
                       bug.detail.empty() ? "" : ": ",
                       bug.detail))
                   + "\n";
        std::size_t own = 0;
        for (auto const& [how, count] : tally.outcomes)
            own += is_success(how) || is_tracker_failure(how) ? 0 : count;
        if (own > tally.failed.size())
            out += fmt::format(
                "{}: {} more; checkwatches show --tracker {} lists them\n",
                tally.tracker,
                own - tally.failed.size(),
                tally.tracker);
    }
    return out;
}

std::string sentence_of(check::estimate const& cost)
{
    auto const comments = cost.comments == 0 ? "" : fmt::format(" and up to {} for comments", cost.comments);
    return fmt::format(
        "{} of {}: {}{}{}, about {}",
        counted(cost.bugs, "bug"),
        counted(cost.trackers, "tracker"),
        counted(cost.requests, "request"),
        cost.free == 0 ? "" : fmt::format(" ({} of them free where nothing changed)", grouped(cost.free)),
        comments,
        check::format_span(cost.time));
}

std::string summary_of(std::vector<check::tracker_tally> const& all, std::chrono::milliseconds elapsed)
{
    std::size_t asked = 0;
    std::size_t seen = 0;
    std::size_t later = 0;
    std::size_t changes = 0;
    for (auto const& tally : all) {
        asked += tally.asked();
        seen += tally.seen();
        later += tally.not_asked();
        changes += tally.changes;
    }
    return fmt::format(
        "{} of {} checked: {} seen, {} failed{}; {}, {}",
        counted(asked, "bug"),
        counted(all.size(), "tracker"),
        grouped(seen),
        grouped(asked - seen),
        later == 0 ? "" : fmt::format(", {} left for later", grouped(later)),
        counted(changes, "change"),
        in_seconds(elapsed));
}

} // namespace checkwatches::app
