#include "engine/app/engine_host.hpp"

#include "engine/app/network.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>

namespace checkwatches::app {
namespace {

// Loads the schedule and does the work, which may be cancelled; the engine is finished in any case.
awaitable<result<void>> whole(
    check::engine& engine,
    std::chrono::milliseconds drain,
    awaitable<result<void>> work,
    asio::cancellation_signal& stop,
    bool const& stopped)
{
    auto done = co_await engine.load();
    std::exception_ptr failure;
    if (done && !stopped) {
        auto const executor = co_await asio::this_coro::executor;
        try {
            done = co_await asio::co_spawn(
                executor, std::move(work), asio::bind_cancellation_slot(stop.slot(), use_awaitable));
        }
        catch (...) {
            failure = std::current_exception();
        }
    }
    auto const bound = stopped ? std::chrono::milliseconds::zero() : drain;
    co_await engine.finish(bound);
    if (stopped)
        co_return interrupted();
    if (failure)
        std::rethrow_exception(failure);
    co_return done;
}

} // namespace

result<std::unique_ptr<engine_host>>
engine_host::open(std::string const& database, config const& conf, storage::patience with, logger& log)
{
    std::unique_ptr<engine_host> host{new engine_host};
    auto client = make_client(host->loop_.get_executor(), conf);
    if (!client)
        return client.error();
    host->network_ = std::move(*client);
    auto store = storage::store::open(database);
    if (!store)
        return store.error();
    host->writer_ = std::make_unique<storage::writer>(std::move(*store), with);
    auto reader = storage::reader::open(database);
    if (!reader)
        return reader.error();
    host->reader_ = std::make_unique<storage::background_reader>(std::move(*reader));

    auto set_budget = [to = host->network_.get()](std::string const& origin, net::budget_settings const& b) {
        to->set_budget(origin, b);
    };
    check::engine_parts const parts{
        .executor = host->loop_.get_executor(),
        .time = host->time_,
        .network = *host->network_,
        .set_budget = std::move(set_budget),
        .writer = *host->writer_,
        .reader = *host->reader_,
        .kinds = host->kinds_,
        .log = log};
    host->drain_ = conf.engine.drain;
    host->engine_ = std::make_unique<check::engine>(parts, conf.engine);
    return host;
}

void engine_host::reload(config const& conf)
{
    drain_ = conf.engine.drain;
    engine_->reload(conf.engine);
}

result<void> engine_host::drive(awaitable<result<void>> work, on_signal what)
{
    result<void> done;
    std::exception_ptr failure;
    asio::cancellation_signal stop;
    bool stopped = false;
    auto const cut_off = [&] {
        stopped = true;
        stop.emit(asio::cancellation_type::terminal);
    };
    signal_guard const guard{loop_, what, cut_off};
    asio::co_spawn(
        loop_,
        whole(*engine_, drain_, std::move(work), stop, stopped),
        [&](std::exception_ptr e, result<void> got) {
            failure = e;
            if (!e)
                done = std::move(got);
            loop_.stop();
        });
    loop_.restart();
    loop_.run();
    if (failure)
        std::rethrow_exception(failure);
    return done;
}

} // namespace checkwatches::app
