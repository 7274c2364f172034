#include "engine/core/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <ctime>

namespace checkwatches {

utc_time machine_clock::now() const
{
    return utc_now();
}

clock::duration machine_clock::up() const
{
    timespec since_boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
    return std::chrono::duration_cast<duration>(
        std::chrono::seconds{since_boot.tv_sec} + std::chrono::nanoseconds{since_boot.tv_nsec});
}

awaitable<void> machine_clock::sleep(duration span) const
{
    if (span <= duration::zero())
        co_return;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    timer.expires_after(span);
    co_await timer.async_wait(use_awaitable);
}

} // namespace checkwatches
