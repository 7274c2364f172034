#include "engine/net/alarm.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace checkwatches::net {

awaitable<void> alarm::wait_for_ring()
{
    waiter me{co_await asio::this_coro::executor};
    if (!rung_) // since wait() looked: what it starts begins later
        co_await sleeper_.wait(me);
}

awaitable<void> alarm::wait(clock::duration span)
{
    if (!std::exchange(rung_, false)) {
        auto const executor = co_await asio::this_coro::executor;
        auto either = asio::experimental::make_parallel_group(
            asio::co_spawn(executor, time_.sleep(span), asio::deferred),
            asio::co_spawn(executor, wait_for_ring(), asio::deferred));
        // Whoever loses is cancelled, which is no failure; nor is our own cancellation lost: the next
        // co_await throws.
        co_await either.async_wait(asio::experimental::wait_for_one(), use_awaitable);
    }
    rung_ = false;
}

void alarm::ring()
{
    rung_ = true;
    sleeper_.call_all();
}

} // namespace checkwatches::net
