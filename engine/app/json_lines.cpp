#include "engine/app/json_lines.hpp"

#include "engine/check/explain.hpp"
#include "engine/serve/api/json_of.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace checkwatches::app {

namespace json = boost::json;

json::object json_of(
    storage::shown_bug const& shown, adapters::registry const& kinds, check::schedule_policy const& policy)
{
    auto const url = url_of(kinds, shown.kind, shown.base_url, shown.bug.remote_id);
    return serve::json_of(shown, url, why_of(shown.bug, policy));
}

std::string subject_of(storage::shown_change const& shown, adapters::registry const& kinds)
{
    return shown.what.bug ? url_of(kinds, shown.kind, shown.base_url, shown.remote_id) : shown.base_url;
}

std::string json_of(storage::shown_change const& shown, adapters::registry const& kinds)
{
    return json::serialize(serve::json_of(shown, subject_of(shown, kinds)));
}

std::string json_of(check::tracker_tally const& tally)
{
    json::object outcomes;
    for (auto const& [how, count] : tally.outcomes)
        outcomes.emplace(word(how), count);
    json::object const out{
        {"tracker", tally.tracker},
        {"kind", tally.kind},
        {"due", tally.due},
        {"asked", tally.asked()},
        {"not_asked", tally.not_asked()},
        {"outcomes", outcomes},
        {"changes", tally.changes},
        {"requests", tally.requests},
        {"error", serve::or_null(tally.trouble, [](error const& e) { return to_string(e); })},
        {"moved_to", serve::or_null(tally.moved_to, [](web_url const& url) { return redacted(url); })},
        {"elapsed_ms", tally.elapsed.count()}};
    return json::serialize(out);
}

std::string json_of(check::estimate const& cost)
{
    json::object const plan{
        {"trackers", cost.trackers},
        {"bugs", cost.bugs},
        {"requests", cost.requests},
        {"free", cost.free},
        {"comments", cost.comments},
        {"seconds", cost.time.count()}};
    json::object const out{{"plan", plan}};
    return json::serialize(out);
}

std::string json_of_pass(std::vector<check::tracker_tally> const& all, std::chrono::milliseconds elapsed)
{
    std::size_t due = 0;
    std::size_t asked = 0;
    std::size_t seen = 0;
    std::size_t changes = 0;
    for (auto const& tally : all) {
        due += tally.due;
        asked += tally.asked();
        seen += tally.seen();
        changes += tally.changes;
    }
    json::object const pass{
        {"trackers", all.size()},
        {"due", due},
        {"asked", asked},
        {"seen", seen},
        {"failed", asked - seen},
        {"not_asked", due - asked},
        {"changes", changes},
        {"elapsed_ms", elapsed.count()}};
    json::object const out{{"pass", pass}};
    return json::serialize(out);
}

std::string url_of(
    adapters::registry const& kinds,
    std::string const& kind,
    std::string const& base_url,
    std::string const& remote_id)
{
    auto const* const adapter = kinds.find(kind);
    auto const base = parse_url(base_url);
    if (adapter != nullptr && !adapter->features().polled) // the base of "mailto:" links is no URL
        return adapter->bug_url(base ? *base : web_url{}, remote_id).text();
    return adapter != nullptr && base ? adapter->bug_url(*base, remote_id).text()
                                      : base_url + " " + remote_id;
}

std::string why_of(storage::bug_state const& bug, check::schedule_policy const& policy)
{
    if (bug.next_check == storage::never)
        return check::why_never(bug);
    if (!bug.last_outcome || !bug.checked_at)
        return "never checked: due at once";
    return check::why_then(
        policy,
        {.state = bug.state,
         .changed_at = bug.changed_at,
         .how = *bug.last_outcome,
         .failures = bug.failures,
         .bug = static_cast<std::int64_t>(bug.id),
         .now = *bug.checked_at});
}

} // namespace checkwatches::app
