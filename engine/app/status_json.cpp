#include "engine/app/status_json.hpp"

#include "engine/app/status_text.hpp"
#include "engine/serve/api/json_of.hpp"
#include "engine/serve/api/json_of_lists.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::string_view word(verdict v)
{
    switch (v) {
    case verdict::alive: return "alive";
    case verdict::behind: return "behind";
    case verdict::not_running: break;
    }
    return "not_running";
}

json::value seconds_since(std::optional<utc_time> const& t, utc_time now)
{
    if (!t)
        return nullptr;
    return std::chrono::duration_cast<std::chrono::seconds>(now - *t).count();
}

json::object object_of(storage::breaker_record const& b)
{
    return {
        {"scope", b.scope},
        {"outcome", checkwatches::word(b.how)},
        {"failures", b.failures},
        {"failed_at", format_time(b.failed_at)},
        {"open_until", format_time(b.open_until)},
        {"error", serve::text_or_null(b.detail)}};
}

json::object object_of(tracker_health const& t)
{
    return {
        {"tracker", t.name},
        {"bugs", t.counts.bugs},
        {"due", t.counts.due},
        {"failing", t.counts.failing},
        {"never_checked", t.counts.never_checked},
        {"oldest_due", serve::time_or_null(t.counts.oldest_due)},
        {"last_success",
         serve::time_or_null(t.state.succeeded_at ? t.state.succeeded_at : t.counts.last_seen)},
        {"last_try", serve::time_or_null(t.state.tried_at)},
        {"paused", t.state.paused},
        {"note", serve::text_or_null(t.state.note)},
        {"moved_to", t.state.moved_to ? json::value(json::string{*t.state.moved_to}) : json::value(nullptr)},
        {"breaker", t.breaker ? json::value(object_of(*t.breaker)) : json::value(nullptr)}};
}

json::object object_of(storage::incident const& i)
{
    return serve::json_of(i);
}

json::object object_of(storage::sink_record const& s)
{
    return {
        {"name", s.name},
        {"kind", s.kind},
        {"failing_since", serve::time_or_null(s.failing_since)},
        {"tries", s.tries},
        {"trouble", serve::text_or_null(s.trouble)}};
}

json::object object_of(letters_health const& c)
{
    return {
        {"digest", c.digest},
        {"waiting", c.waiting},
        {"parked", c.parked},
        {"trouble", serve::text_or_null(c.trouble)}};
}

json::object object_of(storage::signature const& s)
{
    return {
        {"tracker", s.tracker},
        {"outcome", checkwatches::word(s.how)},
        {"message", s.message},
        {"times", s.times},
        {"bugs", s.bugs},
        {"first_seen", format_time(s.first_seen)},
        {"last_seen", format_time(s.last_seen)}};
}

template <class T>
json::array array_of(std::vector<T> const& all)
{
    json::array out;
    for (auto const& each : all)
        out.push_back(object_of(each));
    return out;
}

json::value engine_of(std::optional<storage::engine_record> const& e)
{
    if (!e)
        return nullptr;
    return json::object{
        {"pid", e->pid},
        {"version", e->version},
        {"started_at", format_time(e->started_at)},
        {"stopped_at", serve::time_or_null(e->stopped_at)},
        {"committed_at", serve::time_or_null(e->committed_at)}};
}

json::value live_of(std::optional<check::engine_status> const& live)
{
    if (!live)
        return nullptr;
    return json::object{
        {"trackers", live->trackers},
        {"active_trackers", live->active_trackers},
        {"waiting_trackers", live->waiting_trackers},
        {"bugs", live->bugs},
        {"deferred", live->deferred},
        {"in_flight", live->in_flight},
        {"checks", live->passes},
        {"breakers_open", live->breakers_open},
        {"offline", live->offline},
        {"writes_pending", live->writer.pending},
        {"writer_stuck_since", serve::time_or_null(live->writer.stuck_since)},
        {"writer_error", serve::text_or_null(live->writer.why)},
        {"committed_at", serve::time_or_null(live->writer.committed_at)},
        {"scheduler_moved_at", format_time(live->scheduler_moved_at)},
        {"writer_moved_at", format_time(live->writer_moved_at)},
        {"network_moved_at", format_time(live->network_moved_at)}};
}

// The sums, and the lists that are bad or held, or have entries that wait or are bad.
json::object object_of_lists(health const& h)
{
    auto const sum = lists_of(h);
    json::array troubled;
    for (auto const& list : h.lists)
        if (!list.trouble.empty() || list.waiting != 0 || list.bad != 0)
            troubled.push_back(serve::json_of(list));
    return {
        {"lists", sum.lists},
        {"bad", sum.bad},
        {"held", sum.held},
        {"watched", sum.watched},
        {"waiting", sum.waiting},
        {"bad_entries", sum.bad_entries},
        {"troubled", std::move(troubled)}};
}

} // namespace

std::string json_of(health const& h, std::chrono::seconds most_behind)
{
    auto const sum = totals_of(h);
    json::object const out{
        {"state", word(judge(h, most_behind))},
        {"says", sentence_of(h, most_behind)},
        {"at", format_time(h.now)},
        {"version", CHECKWATCHES_VERSION},
        {"bugs", sum.bugs},
        {"due", sum.due},
        {"failing", sum.failing},
        {"never_checked", sum.never_checked},
        {"paused_trackers", sum.paused},
        {"oldest_due", serve::time_or_null(sum.oldest_due)},
        {"behind_seconds", seconds_since(sum.oldest_due, h.now)},
        {"engine", engine_of(h.engine)},
        {"live", live_of(h.live)},
        {"silence", serve::text_or_null(h.silence)},
        {"breakers", array_of(h.breakers)},
        {"incidents", array_of(h.incidents)},
        {"signatures", array_of(h.signatures)},
        {"watchlists", object_of_lists(h)},
        {"failing_sinks", array_of(h.failing_sinks)},
        {"letters", array_of(h.letters)},
        {"trackers", array_of(h.trackers)}};
    return json::serialize(out);
}

} // namespace checkwatches::app
