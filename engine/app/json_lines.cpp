#include "engine/app/json_lines.hpp"

#include "engine/app/json_values.hpp"
#include "engine/check/explain.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

json::value optional_text(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

std::optional<utc_time> appointment_of(storage::bug_state const& bug)
{
    return bug.next_check == storage::never ? std::nullopt : std::optional{bug.next_check};
}

json::array array_of(std::vector<std::string> const& texts)
{
    return json::array(texts.begin(), texts.end());
}

} // namespace

json::object json_of(
    storage::shown_bug const& shown, adapters::registry const& kinds, check::schedule_policy const& policy)
{
    auto const& bug = shown.bug;
    return {
        {"url", url_of(kinds, shown.kind, shown.base_url, bug.remote_id)},
        {"tracker", shown.tracker},
        {"kind", shown.kind},
        {"remote_id", bug.remote_id},
        {"labels", array_of(shown.labels)},
        {"status", or_null(bug.state, [](status s) { return title(s); })},
        {"importance", or_null(bug.weight, [](importance i) { return title(i); })},
        {"remote_status", text_or_null(remote_status(bug.words))},
        {"remote_importance", text_or_null(remote_importance(bug.words))},
        {"title", text_or_null(bug.title)},
        {"duplicate_of", text_or_null(bug.duplicate_of)},
        {"outcome", or_null(bug.last_outcome, [](outcome o) { return word(o); })},
        {"error", text_or_null(bug.error)},
        {"checked_at", or_null(bug.checked_at, format_time)},
        {"seen_at", or_null(bug.seen_at, format_time)},
        {"changed_at", or_null(bug.changed_at, format_time)},
        {"next_check", or_null(appointment_of(bug), format_time)},
        {"why", why_of(bug, policy)}};
}

std::string subject_of(storage::shown_change const& shown, adapters::registry const& kinds)
{
    return shown.what.bug ? url_of(kinds, shown.kind, shown.base_url, shown.remote_id) : shown.base_url;
}

std::string json_of(storage::shown_change const& shown, adapters::registry const& kinds)
{
    auto const& change = shown.what;
    json::object out{
        {"id", change.id},
        {"at", format_time(change.at)},
        {"url", text_or_null(subject_of(shown, kinds))},
        {"tracker", text_or_null(shown.tracker)},
        {"remote_id", text_or_null(shown.remote_id)},
        {"field", change.field},
        {"old", optional_text(change.before)},
        {"new", optional_text(change.after)},
        {"remote_old", optional_text(change.remote_before)},
        {"remote_new", optional_text(change.remote_after)}};
    if (!change.reason.empty())
        out["reason"] = change.reason;
    if (!change.actor.empty())
        out["actor"] = change.actor;
    return json::serialize(out);
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
        {"error", or_null(tally.trouble, [](error const& e) { return to_string(e); })},
        {"moved_to", or_null(tally.moved_to, [](web_url const& url) { return redacted(url); })},
        {"elapsed_ms", tally.elapsed.count()}};
    return json::serialize(out);
}

std::string json_of(check::estimate const& cost)
{
    json::object const plan{
        {"trackers", cost.trackers},
        {"bugs", cost.bugs},
        {"requests", cost.requests},
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
