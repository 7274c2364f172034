#pragma once

#include "engine/core/async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace checkwatches {

// Runs all of them at once on the caller's executor and returns when the last has ended; the first exception
// in the order given is thrown on. Cancelling the caller cancels them all.
inline awaitable<void> join(std::vector<awaitable<void>> all)
{
    if (all.empty())
        co_return;
    auto const executor = co_await asio::this_coro::executor;
    using started = decltype(asio::co_spawn(executor, std::move(all.front()), asio::deferred));
    std::vector<started> ops;
    ops.reserve(all.size());
    for (auto& one : all)
        ops.push_back(asio::co_spawn(executor, std::move(one), asio::deferred));

    auto group = asio::experimental::make_parallel_group(std::move(ops));
    auto [order, failures] = co_await group.async_wait(asio::experimental::wait_for_all(), use_awaitable);
    for (auto const& failure : failures)
        if (failure)
            std::rethrow_exception(failure);
}

// Runs `work`, and beside it `helper` for as long. What a helper throws ends the work and is thrown on.
template <class T>
awaitable<T> beside(awaitable<void> helper, awaitable<T> work)
{
    auto const executor = co_await asio::this_coro::executor;
    auto race = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(work), asio::deferred),
        asio::co_spawn(executor, std::move(helper), asio::deferred));
    auto [order, work_failure, done, helper_failure] = co_await race.async_wait(
        asio::experimental::wait_for_one(), use_awaitable);
    if (order[0] == 1 && helper_failure)
        std::rethrow_exception(helper_failure);
    if (work_failure)
        std::rethrow_exception(work_failure);
    co_return done;
}

} // namespace checkwatches
