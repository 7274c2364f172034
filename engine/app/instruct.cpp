#include "engine/app/instruct.hpp"

#include "engine/app/control_service.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/app/turn.hpp"
#include "engine/serve/local_user.hpp"
#include "engine/serve/web/errands.hpp"

#include <unistd.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

awaitable<result<json::object>> carry_out(engine_host& by, serve::control_request request, std::string actor)
{
    auto const loaded = co_await by.engine().load();
    if (!loaded)
        co_return loaded.error();
    control_service service{by};
    serve::no_progress unheard;
    co_return co_await service.handle(std::move(request), std::move(actor), unheard);
}

} // namespace

result<json::object>
instruct(global_options const& global, config const& conf, serve::control_request const& request)
{
    auto const here = [&]() -> result<json::object> {
        silent_logger silent;
        auto host = engine_host::open(global.database, conf, silent, storage::patience::none);
        if (!host)
            return host.error();
        return (*host)->run(carry_out(**host, request, serve::local_user(::geteuid())));
    };
    auto const there = [&] {
        return running_instance{global.database}.ask(request, [](json::object const&) {});
    };
    return take_turn(global.database, here, there);
}

} // namespace checkwatches::app
