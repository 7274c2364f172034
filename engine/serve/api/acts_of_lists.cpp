#include "engine/core/ascii.hpp"
#include "engine/serve/api/acts.hpp"
#include "engine/serve/api/arguments.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::serve {
namespace {

namespace json = boost::json;

constexpr unsigned unprocessable = 422;

// The format that a Content-Type names: JSON and TOML by their names, anything else is lines (which curl
// sends as if they were a form), unless they begin as JSON does.
std::string format_of(std::string_view content_type)
{
    auto const type = lower(trimmed(content_type.substr(0, content_type.find(';'))));
    if (type == "application/json" || type == "text/json")
        return "json";
    constexpr std::array<std::string_view, 3> toml{"application/toml", "text/toml", "text/x-toml"};
    return std::ranges::find(toml, type) != toml.end() ? "toml" : "lines";
}

} // namespace

act_answer act_put_list(act a)
{
    arguments in{a.rq};
    put_list_call call{.list = a.names.front(), .format = format_of(a.rq.header("Content-Type"))};
    if (auto const format = in.one_of("format", {"json", "toml", "lines"}))
        call.format = *format;
    call.force = in.flag("force");
    if (auto const good = in.finish(); !good)
        co_return good.error();
    call.text = std::move(a.rq.body);
    control_request request = std::move(call);
    auto done = co_await a.with.work.carry_out(std::move(request), a.actor);
    if (!done)
        co_return done.error();
    act_result out{.body = std::move(*done)};
    if (out.body.contains("broken"))
        out.status = unprocessable;
    co_return out;
}

act_answer act_drop_list(act a)
{
    arguments in{a.rq};
    if (auto const good = in.finish(); !good)
        co_return good.error();
    control_request request = drop_list_call{.list = a.names.front()};
    auto done = co_await a.with.work.carry_out(std::move(request), a.actor);
    if (!done)
        co_return done.error();
    act_result out{.body = std::move(*done)};
    co_return out;
}

} // namespace checkwatches::serve
