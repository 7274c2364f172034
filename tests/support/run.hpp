#pragma once

#include "engine/core/async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace checkwatches::test {

// Drives one coroutine to its end on `loop` and returns its value; what else was spawned there is stopped
// then. A coroutine that is not done within a minute is a failed test.
template <class T>
T run(asio::io_context& loop, awaitable<T> op)
{
    std::exception_ptr failure;
    std::optional<T> value;
    asio::co_spawn(loop, std::move(op), [&](std::exception_ptr e, T v) {
        failure = e;
        if (!e)
            value.emplace(std::move(v));
        loop.stop();
    });
    loop.restart();
    loop.run_for(std::chrono::minutes{1});
    if (failure)
        std::rethrow_exception(failure);
    if (!value)
        throw std::runtime_error("the coroutine did not finish");
    return std::move(*value);
}

// The same on a loop of its own, for an `op` that uses no other thread.
template <class T>
T run(awaitable<T> op)
{
    asio::io_context loop{1};
    return run(loop, std::move(op));
}

} // namespace checkwatches::test
