#include "engine/app/instruct.hpp"

#include "engine/app/control_service.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/app/feed_host.hpp"
#include "engine/app/running_instance.hpp"
#include "engine/app/turn.hpp"
#include "engine/serve/local_user.hpp"
#include "engine/serve/web/errands.hpp"

#include <unistd.h>

namespace checkwatches::app {
namespace {

namespace json = boost::json;

// What may be delivered after it was asked for, by a process that does not stay.
constexpr std::chrono::seconds longest_delivery{60};

// What is to be told a sink is told here, too.
awaitable<result<json::object>>
carry_out(engine_host& by, feed::courier& sinks, serve::control_request request, std::string actor)
{
    control_service service{by};
    service.connect(sinks);
    serve::no_progress unheard;
    bool const delivers = !std::holds_alternative<serve::sink_test_call>(request)
                          && !std::holds_alternative<serve::sink_drop_call>(request);
    auto done = co_await service.handle(std::move(request), std::move(actor), unheard);
    if (done && delivers)
        co_await sinks.run_once(longest_delivery);
    co_return done;
}

bool is_for_sinks(serve::control_request const& request)
{
    return std::holds_alternative<serve::sink_test_call>(request)
           || std::holds_alternative<serve::sink_retry_call>(request)
           || std::holds_alternative<serve::sink_skip_call>(request)
           || std::holds_alternative<serve::sink_drop_call>(request);
}

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
        auto const actor = serve::local_user(::geteuid());
        if (is_for_sinks(request)) {
            auto const sinks = feed_host::open(**host, conf, silent);
            if (!sinks)
                return sinks.error();
            return (*host)->run(carry_out(**host, (*sinks)->courier(), request, actor));
        }
        return (*host)->run(carry_out(**host, request, actor));
    };
    auto const there = [&] {
        return running_instance{global.database}.ask(request, [](json::object const&) {});
    };
    return take_turn(global.database, here, there);
}

} // namespace checkwatches::app
