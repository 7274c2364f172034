#include "engine/app/health.hpp"

#include "engine/intake/lists/list_apply.hpp"
#include "engine/serve/web/tracker_view.hpp"
#include "storage/digest_records.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace checkwatches::app {
namespace {

constexpr std::int64_t most_incidents = 20;
constexpr std::int64_t most_signatures = 10;
constexpr std::int64_t most_letters = 10'000;

bool waits_too_long(std::optional<utc_time> const& oldest_due, utc_time now, std::chrono::seconds most)
{
    return oldest_due && now - *oldest_due > most;
}

} // namespace

health read_health(storage::reader const& in, utc_time now)
{
    health out{
        .now = now,
        .engine = in.engine(),
        .breakers = in.breakers(),
        .incidents = in.incidents(most_incidents),
        .signatures = in.signatures({}, most_signatures),
        .lists = in.watch_lists()};
    for (auto& sink : in.sinks())
        if (sink.failing_since)
            out.failing_sinks.push_back(std::move(sink));
    std::map<storage::tracker_id, std::string> names;
    for (auto const& tracker : in.trackers())
        names.emplace(tracker.id, tracker.name);
    for (auto const& counts : in.counts(now))
        out.trackers.push_back(
            {.name = names[counts.id],
             .counts = counts,
             .state = in.state_of(counts.id),
             .breaker = serve::breaker_of(out.breakers, serve::breaker_scope(counts.id))});
    return out;
}

letters_health letters_of(storage::reader const& in, std::string digest)
{
    auto const waiting = in.letters(digest, false, most_letters);
    auto const parked = in.letters(digest, true, most_letters);
    letters_health out{.digest = std::move(digest), .waiting = waiting.size(), .parked = parked.size()};
    if (!waiting.empty())
        out.trouble = waiting.front().trouble;
    else if (!parked.empty())
        out.trouble = parked.back().trouble;
    return out;
}

health_totals totals_of(health const& h)
{
    health_totals out;
    for (auto const& tracker : h.trackers) {
        auto const& counts = tracker.counts;
        out.bugs += counts.bugs;
        out.due += counts.due;
        out.failing += counts.failing;
        out.never_checked += counts.never_checked;
        if (tracker.state.paused)
            ++out.paused;
        else if (counts.oldest_due)
            out.oldest_due = std::min(out.oldest_due.value_or(*counts.oldest_due), *counts.oldest_due);
    }
    return out;
}

list_totals lists_of(health const& h)
{
    list_totals out;
    for (auto const& list : h.lists) {
        ++out.lists;
        out.bad += list.state == storage::list_state::bad ? 1 : 0;
        out.held += intake::is_held(list) ? 1 : 0;
        bool const is_applied = list.state == storage::list_state::good
                                || list.state == storage::list_state::bad;
        if (!is_applied)
            continue;
        out.watched += list.watched;
        out.waiting += list.waiting;
        out.bad_entries += list.bad;
    }
    return out;
}

verdict judge(health const& h, std::chrono::seconds most_behind)
{
    if (!h.live)
        return verdict::not_running;
    bool const late = waits_too_long(totals_of(h).oldest_due, h.now, most_behind);
    return late || h.live->offline || h.live->writer.stuck_since ? verdict::behind : verdict::alive;
}

bool needs_attention(tracker_health const& tracker, utc_time now, std::chrono::seconds most_behind)
{
    return tracker.state.paused || tracker.state.moved_to || tracker.breaker || tracker.counts.failing != 0
           || waits_too_long(tracker.counts.oldest_due, now, most_behind);
}

} // namespace checkwatches::app
