#include "engine/app/health_json.hpp"

#include "engine/app/json_values.hpp"

#include <boost/json/serialize.hpp>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

template <class T>
json::value or_null(std::optional<T> const& v)
{
    return v ? json::value(*v) : json::value(nullptr);
}

json::value breaker_or_null(std::optional<storage::breaker_record> const& b)
{
    if (!b)
        return nullptr;
    return json::object{
        {"failures", b->failures},
        {"failed_at", format_time(b->failed_at)},
        {"open_until", format_time(b->open_until)},
        {"announced", b->announced},
        {"outcome", word(b->how)},
        {"detail", text_or_null(b->detail)}};
}

json::object listed(tracker_view const& view)
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

json::object signature_object(storage::signature const& s)
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

json::value capabilities_or_null(std::optional<storage::stored_capabilities> const& stored)
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

json::object settings_object(storage::tracker_settings const& set)
{
    json::array products(set.comments_of.begin(), set.comments_of.end());
    return {
        {"batch", or_null(set.batch)},
        {"lanes", or_null(set.lanes)},
        {"connections", or_null(set.connections)},
        {"requests_per_second", or_null(set.requests_per_second)},
        {"changed_since", or_null(set.changed_since)},
        {"comments", or_null(set.comments)},
        {"comments_of", set.comments_of.empty() ? json::value(nullptr) : json::value(std::move(products))}};
}

} // namespace

std::string json_of_listed(tracker_view const& view)
{
    return json::serialize(listed(view));
}

std::string json_of(tracker_view const& view)
{
    auto const& state = view.state;
    auto out = listed(view);
    out["aliases"] = json::array(view.aliases.begin(), view.aliases.end());
    out["capabilities"] = capabilities_or_null(view.can);
    out["note"] = text_or_null(state.note);
    out["moved_to"] = or_null(state.moved_to);
    out["tried_at"] = time_or_null(state.tried_at);
    out["succeeded_at"] = time_or_null(state.succeeded_at);
    out["skew_ms"] = state.skew ? json::value(state.skew->count()) : nullptr;
    out["oldest_due"] = time_or_null(view.counts.oldest_due);
    out["last_seen"] = time_or_null(view.counts.last_seen);
    out["settings"] = settings_object(state.settings);
    out["host"] = view.host;
    out["breaker"] = breaker_or_null(view.breaker);
    out["host_breaker"] = breaker_or_null(view.host_breaker);
    json::array comments;
    for (auto const& c : view.comments)
        comments.push_back(json::object{
            {"month", c.month}, {"seen", c.seen}, {"imported", c.imported}, {"failed", c.failed}});
    out["comments"] = std::move(comments);
    json::array errors;
    for (auto const& s : view.signatures)
        errors.push_back(signature_object(s));
    out["errors"] = std::move(errors);
    return json::serialize(out);
}

std::string json_of(storage::signature const& s)
{
    return json::serialize(signature_object(s));
}

json::object json_of(
    check::explanation const& e, check::explain_input const& in, std::vector<storage::check_run> const& runs)
{
    json::array history;
    for (auto const& run : runs)
        history.push_back(json::object{
            {"outcome", word(run.how)},
            {"times", run.times},
            {"first", format_time(run.first)},
            {"last", format_time(run.last)},
            {"detail", text_or_null(run.detail)}});
    return {
        {"reason", e.reason},
        {"interval_s", e.by_policy ? json::value(e.interval.count()) : nullptr},
        {"jitter", e.jitter},
        {"failures", in.bug.failures},
        {"by_policy", time_or_null(e.by_policy)},
        {"difference", text_or_null(e.difference)},
        {"clock_fault", e.clock_fault},
        {"due", e.due},
        {"paused", e.paused},
        {"held_until", time_or_null(e.held_until)},
        {"host", in.host},
        {"breaker", breaker_or_null(in.tracker_breaker)},
        {"host_breaker", breaker_or_null(in.host_breaker)},
        {"lines", json::array(e.lines.begin(), e.lines.end())},
        {"checks", std::move(history)}};
}

} // namespace checkwatches::app
