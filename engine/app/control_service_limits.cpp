#include "engine/app/control_service.hpp"
#include "engine/core/time.hpp"
#include "engine/serve/web/tracker_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// What is stored of a tracker that bears on how much it is asked.
struct stored {
    std::string origin{};
    storage::tracker_settings settings{};
    std::optional<std::size_t> batch{}; // that it can take
};

std::optional<stored> find(storage::reader const& in, std::string const& name)
{
    auto const at = in.tracker_by_name(name);
    if (!at)
        return std::nullopt;
    stored out{.origin = serve::host_of(at->base_url, at->api_url), .settings = in.state_of(at->id).settings};
    if (auto const can = in.capabilities_of(at->id))
        out.batch = can->can.batch;
    return out;
}

json::value or_null(std::optional<std::int64_t> const& n)
{
    return n ? json::value(*n) : json::value(nullptr);
}

json::value pack(std::optional<net::announced_limit> const& told)
{
    if (!told)
        return nullptr;
    return json::object{
        {"remaining", told->remaining},
        {"limit", or_null(told->limit)},
        {"reset", told->reset ? json::value(format_time(*told->reset)) : json::value(nullptr)},
        {"said_at", format_time(told->at)}};
}

} // namespace

control_service::answer control_service::act(serve::limits_call call, caller const&)
{
    auto question = [name = call.tracker](storage::reader const& in) { return find(in, name); };
    auto const known = co_await host_.reader().run(std::move(question));
    if (!known)
        co_return known.error();
    if (!*known)
        co_return error{
            .kind = error_kind::usage, .message = fmt::format("there is no tracker \"{}\"", call.tracker)};
    auto const& at = **known;
    auto const now = host_.limits_of(at.origin);
    auto batch = at.settings.batch;
    if (at.batch) {
        auto const most = static_cast<std::int64_t>(*at.batch);
        batch = std::min(batch.value_or(most), most);
    }
    json::object out;
    out["host"] = at.origin;
    out["batch"] = or_null(batch);
    out["lanes"] = at.settings.lanes.value_or(static_cast<std::int64_t>(host_.pass().lanes));
    out["connections"] = now.budget.connections;
    out["connections_in_use"] = now.in_use;
    out["requests_per_second"] = nullptr;
    if (now.budget.requests_per_second > 0)
        out["requests_per_second"] = now.budget.requests_per_second;
    out["wait_s"] = now.wait.count();
    out["announced"] = pack(now.announced);
    co_return out;
}

} // namespace checkwatches::app
