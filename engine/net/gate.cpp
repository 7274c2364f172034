#include "engine/net/gate.hpp"

#include <chrono>

namespace checkwatches::net {
namespace {

using std::chrono::steady_clock;

error deferred(std::chrono::seconds wait)
{
    return error{
        .kind = error_kind::deferred, .message = "the host's budget is used up for now", .retry_after = wait};
}

struct counted {
    explicit counted(std::size_t& n) : n_{n} { ++n_; }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { --n_; }

private:
    std::size_t& n_;
};

} // namespace

gate::gate(asio::any_io_executor const& executor, budget_settings const& limits)
    : executor_{executor},
      budget_{limits},
      door_{executor, 1}
{}

std::optional<slots::permit> gate::try_pass(slots& connections)
{
    auto const now = steady_clock::now();
    auto const turn = door_.try_take();
    if (!turn || budget_.opens(now) > now)
        return std::nullopt;
    auto connection = connections.try_take();
    if (connection)
        budget_.sent(now);
    return connection;
}

awaitable<result<slots::permit>> gate::pass(slots& connections)
{
    if (auto const wait = budget_.deferral(steady_clock::now(), waiting_))
        co_return deferred(*wait);
    counted const among{waiting_};
    auto const turn = co_await door_.take();
    for (;;) {
        auto const now = steady_clock::now();
        if (auto const wait = budget_.deferral(now))
            co_return deferred(*wait);
        if (auto const at = budget_.opens(now); at > now) {
            waiter me{executor_};
            co_await changed_.wait(me, at);
            continue;
        }
        auto connection = co_await connections.take();
        // The host may have announced something while we waited for the connection.
        if (auto const then = steady_clock::now(); budget_.opens(then) <= then) {
            budget_.sent(then);
            co_return std::move(connection);
        }
    }
}

void gate::block(steady_time until)
{
    budget_.block(until);
    changed_.call_all();
}

void gate::announce(std::size_t left, steady_time reset)
{
    budget_.announce(left, reset);
    changed_.call_all();
}

void gate::give_back()
{
    budget_.give_back(steady_clock::now());
    changed_.call_all();
}

void gate::set_limits(budget_settings const& limits)
{
    budget_.set_limits(limits);
    changed_.call_all();
}

} // namespace checkwatches::net
