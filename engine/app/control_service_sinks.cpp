#include "engine/app/control_service.hpp"

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

error const nobody_serves{
    .kind = error_kind::usage,
    .message = "no sinks are served here; [[webhook]], [[amqp]], [[messages_file]] and [[digest]] in the "
               "configuration are some"};

} // namespace

control_service::answer control_service::act(serve::sink_test_call call, caller const&)
{
    if (sinks_ == nullptr)
        co_return nobody_serves;
    auto const sink = sinks_->find(call.sink);
    if (!sink)
        co_return error{
            .kind = error_kind::usage,
            .message = fmt::format("no sink \"{}\" is in the configuration", call.sink)};
    auto const came = co_await sink->test();
    if (!came)
        co_return came.error();
    json::object out;
    out["answer"] = *came;
    co_return out;
}

control_service::answer control_service::act(serve::sink_retry_call call, caller const& by)
{
    if (sinks_ == nullptr)
        co_return nobody_serves;
    auto const events = co_await sinks_->retry(call.sink, call.id);
    if (!events)
        co_return events.error();
    json::object out;
    out["events"] = *events;
    storage::change deed{.field = "sink", .after = "retry " + call.sink};
    co_return co_await note(by, std::move(deed), std::string{}, std::move(out));
}

control_service::answer control_service::act(serve::sink_skip_call call, caller const& by)
{
    if (sinks_ == nullptr)
        co_return nobody_serves;
    auto const done = co_await sinks_->skip(call.sink);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "sink", .after = "skip " + call.sink};
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::string{}, std::move(nothing));
}

control_service::answer control_service::act(serve::sink_drop_call call, caller const& by)
{
    if (sinks_ == nullptr)
        co_return nobody_serves;
    auto const done = co_await sinks_->drop(call.sink);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "sink", .after = "drop " + call.sink};
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::string{}, std::move(nothing));
}

} // namespace checkwatches::app
