#include "engine/app/newcomers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

namespace checkwatches::app {

result<void> settle_newcomers(config const& conf, intake::newcomers& all, bool probe)
{
    if (!probe) {
        intake::assume_all(all);
        return {};
    }
    if (all.empty())
        return {};
    asio::io_context loop{1};
    auto client = make_client(loop.get_executor(), conf);
    if (!client)
        return client.error();
    std::exception_ptr failure;
    asio::co_spawn(
        loop, intake::prove_all(all, **client, conf.engine.pass.credentials), [&](std::exception_ptr e) {
            failure = e;
            loop.stop();
        });
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
    return {};
}

} // namespace checkwatches::app
