#include "engine/serve/api/json_of.hpp"

#include "storage/chain.hpp"

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

std::optional<utc_time> appointment_of(storage::bug_state const& bug)
{
    return bug.next_check == storage::never ? std::nullopt : std::optional{bug.next_check};
}

} // namespace

json::object json_of(storage::shown_bug const& shown, std::string const& url, std::string const& why)
{
    auto const& bug = shown.bug;
    return {
        {"url", url},
        {"tracker", shown.tracker},
        {"kind", shown.kind},
        {"remote_id", bug.remote_id},
        {"labels", json_of(shown.labels)},
        {"status", or_null(bug.state, [](status s) { return title(s); })},
        {"importance", or_null(bug.weight, [](importance i) { return title(i); })},
        {"remote_status", text_or_null(remote_status(bug.words))},
        {"remote_importance", text_or_null(remote_importance(bug.words))},
        {"title", text_or_null(bug.title)},
        {"duplicate_of", text_or_null(bug.duplicate_of)},
        {"outcome", or_null(bug.last_outcome, [](outcome o) { return word(o); })},
        {"error", text_or_null(bug.error)},
        {"checked_at", time_or_null(bug.checked_at)},
        {"seen_at", time_or_null(bug.seen_at)},
        {"changed_at", time_or_null(bug.changed_at)},
        {"next_check", time_or_null(appointment_of(bug))},
        {"why", why}};
}

json::object json_of(storage::shown_change const& shown, std::string const& url)
{
    auto const& change = shown.what;
    json::object out{
        {"id", change.id},
        {"at", format_time(change.at)},
        {"url", text_or_null(url)},
        {"tracker", text_or_null(shown.tracker)},
        {"remote_id", text_or_null(shown.remote_id)},
        {"field", change.field},
        {"old", or_null(change.before)},
        {"new", or_null(change.after)},
        {"remote_old", or_null(change.remote_before)},
        {"remote_new", or_null(change.remote_after)},
        {"hash", storage::hash_of(change)},
        {"previous", or_null(change.previous)}};
    if (!change.reason.empty())
        out["reason"] = change.reason;
    if (!change.actor.empty())
        out["actor"] = change.actor;
    return out;
}

json::object json_of(storage::signature const& s)
{
    return {
        {"tracker", s.tracker},
        {"outcome", word(s.how)},
        {"message", s.message},
        {"bugs", s.bugs},
        {"times", s.times},
        {"first_seen", format_time(s.first_seen)},
        {"last_seen", format_time(s.last_seen)},
        {"ended_at", time_or_null(s.ended_at)},
        {"sample", text_or_null(s.sample)}};
}

json::object json_of(storage::check_run const& run)
{
    return {
        {"outcome", word(run.how)},
        {"times", run.times},
        {"first", format_time(run.first)},
        {"last", format_time(run.last)},
        {"detail", text_or_null(run.detail)}};
}

json::object json_of(storage::incident const& i)
{
    return {
        {"kind", i.kind},
        {"began", format_time(i.began)},
        {"ended", time_or_null(i.ended)},
        {"detail", text_or_null(i.detail)}};
}

json::object json_of(storage::tracker_settings const& set)
{
    return {
        {"batch", or_null(set.batch)},
        {"lanes", or_null(set.lanes)},
        {"connections", or_null(set.connections)},
        {"requests_per_second", or_null(set.requests_per_second)},
        {"changed_since", or_null(set.changed_since)},
        {"comments", or_null(set.comments)},
        {"comments_of",
         set.comments_of.empty() ? json::value(nullptr) : json::value(json_of(set.comments_of))}};
}

json::object json_of(storage::unmapped_entry const& entry)
{
    return {
        {"tracker", entry.tracker},
        {"field", entry.what.field},
        {"word", entry.what.word},
        {"times", entry.times},
        {"first_seen", format_time(entry.first_seen)},
        {"last_seen", format_time(entry.last_seen)}};
}

json::object json_of(storage::tracker_pass const& pass)
{
    json::object outcomes;
    for (auto const& [how, times] : pass.outcomes)
        outcomes[word(how)] = times;
    return {
        {"id", pass.id},
        {"tracker", pass.tracker},
        {"began", format_time(pass.began)},
        {"ended", format_time(pass.ended)},
        {"asked", pass.asked},
        {"failed", pass.failed},
        {"outcomes", std::move(outcomes)},
        {"changes", pass.changes},
        {"requests", pass.requests},
        {"not_modified", pass.not_modified},
        {"bytes", pass.bytes},
        {"deferred", pass.deferred},
        {"trouble", text_or_null(pass.trouble)}};
}

json::object json_of(storage::stored_meaning const& m)
{
    return {
        {"tracker", m.tracker},
        {"field", m.field},
        {"key", m.key},
        {"means", m.means},
        {"actor", m.actor},
        {"at", format_time(m.at)}};
}

json::object json_of(storage::stored_comment const& c)
{
    return {
        {"comment_id", c.what.remote_id},
        {"author", text_or_null(c.what.author)},
        {"at", time_or_null(c.what.at)},
        {"text", c.what.text},
        {"cut", c.is_cut},
        {"imported_at", format_time(c.imported_at)}};
}

json::value json_of(std::optional<storage::breaker_record> const& breaker)
{
    if (!breaker)
        return nullptr;
    return json::object{
        {"failures", breaker->failures},
        {"failed_at", format_time(breaker->failed_at)},
        {"open_until", format_time(breaker->open_until)},
        {"announced", breaker->announced},
        {"outcome", word(breaker->how)},
        {"detail", text_or_null(breaker->detail)}};
}

json::value json_of(std::optional<storage::stored_capabilities> const& stored)
{
    if (!stored)
        return nullptr;
    auto const& can = stored->can;
    return json::object{
        {"batch", can.batch},
        {"changed_since", can.changed_since},
        {"importance", can.importance},
        {"comments", can.comments},
        {"login", text_or_null(can.login)},
        {"expires_at", format_time(stored->expires_at)}};
}

json::object json_of_listed(tracker_view const& view)
{
    auto const& can = view.can;
    return {
        {"name", view.row.name},
        {"kind", view.row.kind},
        {"url", view.row.base_url},
        {"api", or_null(view.row.api_url)},
        {"protocol", can ? json::value(can->can.protocol) : nullptr},
        {"version", can ? text_or_null(can->can.version) : nullptr},
        {"identity", can ? text_or_null(can->can.identity) : nullptr},
        {"probed_at", can ? json::value(format_time(can->probed_at)) : nullptr},
        {"state", state_word(view)},
        {"bugs", view.counts.bugs},
        {"due", view.counts.due},
        {"failing", view.counts.failing},
        {"never_checked", view.counts.never_checked}};
}

json::object json_of(tracker_view const& view)
{
    auto const& state = view.state;
    auto out = json_of_listed(view);
    out["aliases"] = json_of(view.aliases);
    out["capabilities"] = json_of(view.can);
    out["note"] = text_or_null(state.note);
    out["moved_to"] = or_null(state.moved_to);
    out["tried_at"] = time_or_null(state.tried_at);
    out["succeeded_at"] = time_or_null(state.succeeded_at);
    out["skew_ms"] = state.skew ? json::value(state.skew->count()) : nullptr;
    out["oldest_due"] = time_or_null(view.counts.oldest_due);
    out["last_seen"] = time_or_null(view.counts.last_seen);
    out["settings"] = json_of(state.settings);
    out["host"] = view.host;
    out["breaker"] = json_of(view.breaker);
    out["host_breaker"] = json_of(view.host_breaker);
    json::array comments;
    for (auto const& c : view.comments)
        comments.push_back(json::object{
            {"month", c.month}, {"seen", c.seen}, {"imported", c.imported}, {"failed", c.failed}});
    out["comments"] = std::move(comments);
    json::array errors;
    for (auto const& s : view.signatures)
        errors.push_back(json_of(s));
    out["errors"] = std::move(errors);
    return out;
}

} // namespace checkwatches::serve
