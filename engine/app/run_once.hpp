#pragma once

#include "engine/app/network.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace checkwatches::app {

// Runs one piece of work that needs the network, `work(client)` -> awaitable<result<T>>, on a loop of its own
// until it is done. Returns its result, or why there can be no client.
template <class Work>
auto run_once(config const& conf, Work work) -> typename std::invoke_result_t<Work, net::client&>::value_type
{
    using outcome_type = typename std::invoke_result_t<Work, net::client&>::value_type;

    asio::io_context loop{1};
    auto client = make_client(loop.get_executor(), conf);
    if (!client)
        return client.error();
    std::optional<outcome_type> done;
    std::exception_ptr failure;
    asio::co_spawn(loop, work(**client), [&](std::exception_ptr e, outcome_type got) {
        failure = e;
        done.emplace(std::move(got));
        loop.stop();
    });
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
    return std::move(*done);
}

} // namespace checkwatches::app
