#include "engine/app/engine_json.hpp"

#include <boost/json/value.hpp>

#include <exception>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

std::size_t count(json::object const& in, std::string_view key)
{
    return in.at(key).to_number<std::size_t>();
}

std::int64_t milliseconds(utc_time t)
{
    return t.time_since_epoch().count();
}

utc_time time(json::value const& in)
{
    return utc_time{std::chrono::milliseconds{in.to_number<std::int64_t>()}};
}

std::optional<utc_time> maybe_time(json::object const& in, std::string_view key)
{
    auto const* const there = in.if_contains(key);
    return there == nullptr ? std::nullopt : std::optional{time(*there)};
}

json::object pack(storage::writer_health const& health)
{
    json::object out{{"pending", health.pending}, {"why", health.why}};
    if (health.stuck_since)
        out["stuck_since"] = milliseconds(*health.stuck_since);
    if (health.committed_at)
        out["committed_at"] = milliseconds(*health.committed_at);
    return out;
}

storage::writer_health unpack_health(json::object const& in)
{
    return {
        .pending = count(in, "pending"),
        .stuck_since = maybe_time(in, "stuck_since"),
        .why = std::string{std::string_view{in.at("why").as_string()}},
        .committed_at = maybe_time(in, "committed_at")};
}

check::engine_status unpack(json::object const& in)
{
    return {
        .started_at = time(in.at("started_at")),
        .trackers = count(in, "trackers"),
        .active_trackers = count(in, "active_trackers"),
        .waiting_trackers = count(in, "waiting_trackers"),
        .bugs = count(in, "bugs"),
        .due = count(in, "due"),
        .oldest_due = maybe_time(in, "oldest_due"),
        .deferred = count(in, "deferred"),
        .in_flight = count(in, "in_flight"),
        .passes = count(in, "passes"),
        .breakers_open = count(in, "breakers_open"),
        .offline = in.at("offline").as_bool(),
        .writer = unpack_health(in.at("writer").as_object()),
        .scheduler_moved_at = time(in.at("scheduler_moved_at")),
        .writer_moved_at = time(in.at("writer_moved_at")),
        .network_moved_at = time(in.at("network_moved_at"))};
}

error unreadable(std::exception const& why)
{
    return error{
        .kind = error_kind::protocol_error,
        .message = std::string{"the running instance told something that cannot be read: "} + why.what()};
}

} // namespace

json::object pack(check::estimate const& cost)
{
    return {
        {"trackers", cost.trackers},
        {"bugs", cost.bugs},
        {"requests", cost.requests},
        {"free", cost.free},
        {"comments", cost.comments},
        {"seconds", cost.time.count()}};
}

result<check::estimate> unpack_estimate(json::object const& in)
{
    try {
        return check::estimate{
            .trackers = count(in, "trackers"),
            .bugs = count(in, "bugs"),
            .requests = count(in, "requests"),
            .free = count(in, "free"),
            .comments = count(in, "comments"),
            .time = std::chrono::seconds{in.at("seconds").to_number<std::int64_t>()}};
    }
    catch (std::exception const& why) {
        return unreadable(why);
    }
}

json::object pack(check::engine_status const& status)
{
    json::object out{
        {"started_at", milliseconds(status.started_at)},
        {"trackers", status.trackers},
        {"active_trackers", status.active_trackers},
        {"waiting_trackers", status.waiting_trackers},
        {"bugs", status.bugs},
        {"due", status.due},
        {"deferred", status.deferred},
        {"in_flight", status.in_flight},
        {"passes", status.passes},
        {"breakers_open", status.breakers_open},
        {"offline", status.offline},
        {"writer", pack(status.writer)},
        {"scheduler_moved_at", milliseconds(status.scheduler_moved_at)},
        {"writer_moved_at", milliseconds(status.writer_moved_at)},
        {"network_moved_at", milliseconds(status.network_moved_at)}};
    if (status.oldest_due)
        out["oldest_due"] = milliseconds(*status.oldest_due);
    return out;
}

result<check::engine_status> unpack_status(json::object const& in)
{
    try {
        return unpack(in);
    }
    catch (std::exception const& why) {
        return unreadable(why);
    }
}

} // namespace checkwatches::app
