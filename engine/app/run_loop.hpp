#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <functional>
#include <utility>

namespace checkwatches::app {

enum class on_signal { cancel, ignore }; // ignore: they are somebody else's

// What a command says that SIGINT or SIGTERM cut off.
inline error interrupted()
{
    return error{.kind = error_kind::storage, .message = "interrupted; what was stored until now stays"};
}

// While it lives, the first SIGINT or SIGTERM makes the loop call `act`.
class signal_guard {
public:
    signal_guard(asio::io_context& loop, on_signal what, std::function<void()> act) : signals_{loop}
    {
        if (what == on_signal::ignore)
            return;
        signals_.add(SIGINT);
        signals_.add(SIGTERM);
        signals_.async_wait([act = std::move(act)](error_code ec, int) {
            if (!ec)
                act();
        });
    }

private:
    asio::signal_set signals_;
};

// Runs `op` on the loop until it has ended, then stops the loop. SIGINT and SIGTERM cancel it: interrupted().
// What `op` throws is thrown on.
template <class T>
result<T> run_loop(asio::io_context& loop, awaitable<result<T>> op)
{
    result<T> done = interrupted();
    std::exception_ptr failure;
    asio::cancellation_signal stop;
    bool stopped = false;
    auto const cut_off = [&] {
        stopped = true;
        stop.emit(asio::cancellation_type::terminal);
    };
    signal_guard const guard{loop, on_signal::cancel, cut_off};
    auto const ended = [&](std::exception_ptr e, result<T> got) {
        failure = e;
        if (!e)
            done = std::move(got);
        loop.stop();
    };
    asio::co_spawn(loop, std::move(op), asio::bind_cancellation_slot(stop.slot(), ended));
    loop.restart();
    loop.run();
    if (stopped)
        return interrupted();
    if (failure)
        std::rethrow_exception(failure);
    return done;
}

} // namespace checkwatches::app
