#include "engine/app/control_service.hpp"

#include "engine/app/engine_json.hpp"
#include "engine/app/tally_json.hpp"

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// Passes on what the engine tells of one check.
class teller final : public check::pass_observer {
public:
    explicit teller(serve::control_reply& to) : to_{to} {}

    void on_plan(std::size_t trackers, std::size_t bugs) override
    {
        to_.tell("plan", {{"trackers", trackers}, {"bugs", bugs}});
    }
    void on_batch(check::tracker_tally const& so_far) override { to_.tell("batch", pack(so_far)); }
    void on_tracker(check::tracker_tally const& done) override { to_.tell("tracker", pack(done)); }

private:
    serve::control_reply& to_;
};

check::pass_request request_of(serve::wanted_bugs what)
{
    return {.trackers = std::move(what.trackers), .bugs = std::move(what.bugs), .force = what.force};
}

// The answer of a call that has nothing to tell.
result<json::object> nothing_or(result<void> const& done)
{
    if (!done)
        return done.error();
    return json::object{};
}

} // namespace

control_service::answer
control_service::handle(serve::control_request what, std::string, serve::control_reply& to)
{
    auto work = std::visit([&](auto& call) { return act(std::move(call), to); }, what);
    co_return co_await std::move(work);
}

control_service::answer control_service::act(serve::check_call call, serve::control_reply& to)
{
    teller told{to};
    auto const done = co_await engine_.check(request_of(std::move(call.what)), told);
    if (!done)
        co_return done.error();
    for (auto const& tally : done->trackers)
        co_await to.send("result", pack(tally));
    json::object out;
    out["elapsed_ms"] = done->elapsed.count();
    co_return out;
}

control_service::answer control_service::act(serve::cost_call call, serve::control_reply&)
{
    auto const cost = co_await engine_.cost(request_of(std::move(call.what)));
    if (!cost)
        co_return cost.error();
    co_return pack(*cost);
}

control_service::answer control_service::act(serve::status_call, serve::control_reply&)
{
    co_return pack(engine_.status());
}

control_service::answer control_service::act(serve::refresh_call, serve::control_reply&)
{
    co_return nothing_or(co_await engine_.refresh());
}

control_service::answer control_service::act(serve::probe_call call, serve::control_reply&)
{
    auto const found = co_await engine_.probe(std::move(call.tracker));
    if (!found)
        co_return found.error();
    json::object out;
    out["protocol"] = found->can.protocol;
    out["version"] = found->can.version;
    out["identity"] = found->can.identity;
    out["probed_at"] = format_time(found->probed_at);
    co_return out;
}

control_service::answer control_service::act(serve::pause_call call, serve::control_reply&)
{
    co_return nothing_or(co_await engine_.pause(std::move(call.tracker), std::move(call.note)));
}

control_service::answer control_service::act(serve::resume_call call, serve::control_reply&)
{
    co_return nothing_or(co_await engine_.resume(std::move(call.tracker)));
}

control_service::answer control_service::act(serve::reset_call call, serve::control_reply&)
{
    co_return nothing_or(co_await engine_.reset(std::move(call.tracker)));
}

control_service::answer control_service::act(serve::configure_call call, serve::control_reply&)
{
    co_return nothing_or(co_await engine_.configure(std::move(call.tracker), call.settings));
}

namespace {

error not_yet()
{
    return {.kind = error_kind::unsupported, .message = "not yet"};
}

} // namespace

control_service::answer control_service::act(serve::watch_call, serve::control_reply&)
{
    co_return not_yet();
}
control_service::answer control_service::act(serve::unwatch_call, serve::control_reply&)
{
    co_return not_yet();
}
control_service::answer control_service::act(serve::meaning_call, serve::control_reply&)
{
    co_return not_yet();
}
control_service::answer control_service::act(serve::put_away_call, serve::control_reply&)
{
    co_return not_yet();
}

} // namespace checkwatches::app
