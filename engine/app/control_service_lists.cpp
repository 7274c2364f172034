#include "engine/app/control_service.hpp"
#include "engine/core/numbers.hpp"
#include "engine/serve/api/json_of_lists.hpp"

#include <fmt/format.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_faults = 1'000; // of a list, in one answer

result<intake::list_format> format_named(std::string_view name)
{
    if (name == "json")
        return intake::list_format::json;
    if (name == "toml")
        return intake::list_format::toml;
    if (name == "lines")
        return intake::list_format::lines;
    return error{.kind = error_kind::usage, .message = "\"format\" must be json, toml or lines"};
}

// A list as it is kept, and its entries that are no good.
json::object told_of(storage::reader const& in, std::string const& name)
{
    json::object out;
    if (auto const list = in.watch_list_by_name(name))
        out = serve::json_of(*list);
    json::array faults;
    for (auto const& entry : in.list_entries(name, true, 0, most_faults))
        faults.push_back(serve::json_of(entry));
    out["faults"] = std::move(faults);
    return out;
}

} // namespace

control_service::answer control_service::act(serve::lists_call call, caller const& by)
{
    auto const looked = co_await host_.look_at_lists(false, std::move(call.force));
    if (!looked)
        co_return looked.error();
    host_.ring_for_waiting();
    json::object out{{"lists", looked->lists}, {"changed", looked->changed}};
    if (call.put.empty())
        co_return out;
    storage::change deed{.field = "watchlist", .after = std::move(call.put)};
    std::string tracker;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(out));
}

control_service::answer control_service::act(serve::put_list_call call, caller const& by)
{
    auto const format = format_named(call.format);
    if (!format)
        co_return format.error();
    auto const done = co_await host_.put_list(call.list, *format, std::move(call.text), call.force);
    if (!done)
        co_return done.error();
    if (auto const& broken = done->broken) {
        json::object out;
        out["broken"] = json::object{
            {"line", broken->line}, {"column", broken->column}, {"reason", broken->reason}};
        co_return out;
    }
    host_.ring_for_waiting();
    auto question = [name = call.list](storage::reader const& in) { return told_of(in, name); };
    auto out = co_await host_.reader().run(std::move(question));
    if (!out)
        co_return out.error();
    (*out)["ignored"] = done->ignored;
    storage::change deed{.field = "watchlist", .after = std::move(call.list)};
    std::string tracker;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(*out));
}

control_service::answer control_service::act(serve::drop_list_call call, caller const& by)
{
    auto const done = co_await host_.drop_list(call.list);
    if (!done)
        co_return done.error();
    storage::change deed{.field = "watchlist", .before = std::move(call.list)};
    std::string tracker;
    json::object nothing;
    co_return co_await note(by, std::move(deed), std::move(tracker), std::move(nothing));
}

} // namespace checkwatches::app
