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
#include <memory>
#include <utility>

namespace checkwatches::app {

enum class on_signal { cancel, ignore };

// Runs `op` on the loop until it has ended, then stops the loop. SIGINT and SIGTERM cancel it: an error of
// kind storage that says so; with `ignore` they are somebody else's. What `op` throws is thrown on.
template <class T>
result<T> run_loop(asio::io_context& loop, awaitable<result<T>> op, on_signal what = on_signal::cancel)
{
    result<T> done = error{
        .kind = error_kind::storage, .message = "interrupted; what was stored until now stays"};
    result<T> interrupted = done;
    std::exception_ptr failure;
    // Shared: the loop is stopped before it has told the handler that nothing is waited for any more, and
    // tells it in its next run.
    struct interruption {
        asio::cancellation_signal stop;
        bool came = false;
    };
    auto const signal = std::make_shared<interruption>();
    asio::signal_set signals{loop};
    if (what == on_signal::cancel) {
        signals.add(SIGINT);
        signals.add(SIGTERM);
        signals.async_wait([signal](error_code ec, int) {
            if (ec)
                return;
            signal->came = true;
            signal->stop.emit(asio::cancellation_type::terminal);
        });
    }
    asio::co_spawn(
        loop,
        std::move(op),
        asio::bind_cancellation_slot(signal->stop.slot(), [&](std::exception_ptr e, result<T> got) {
            failure = e;
            if (!e)
                done = std::move(got);
            signals.cancel();
            loop.stop();
        }));
    loop.restart();
    loop.run();
    if (signal->came)
        return interrupted;
    if (failure)
        std::rethrow_exception(failure);
    return done;
}

} // namespace checkwatches::app
