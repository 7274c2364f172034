#pragma once

#include "engine/app/config.hpp"
#include "engine/app/run_loop.hpp"
#include "engine/check/engine.hpp"
#include "engine/core/clock.hpp"
#include "engine/net/http_client.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace checkwatches::app {

// The engine over one database, with all that it works with, on a loop of its own. Whoever opens it holds the
// database's instance lock.
class engine_host {
public:
    // Errors of kind storage where the database cannot be used, of kind configuration where there can be no
    // client. The logger outlives the host.
    static result<std::unique_ptr<engine_host>>
    open(std::string const& database, config const& conf, storage::patience with, logger& log);

    asio::io_context& loop() noexcept { return loop_; }
    clock const& time() const noexcept { return time_; }
    net::http_client& network() noexcept { return *network_; }
    storage::writer& writer() noexcept { return *writer_; }
    storage::background_reader& reader() noexcept { return *reader_; }
    check::engine& engine() noexcept { return *engine_; }

    // Takes over the engine's settings, the hosts' budgets among them.
    void reload(config const& conf);

    // Loads the schedule, runs the work to its end and returns what it came to. Cut off by SIGINT or SIGTERM,
    // where these are not somebody else's: an error of kind storage that says so. What the work throws is
    // thrown on.
    template <class T>
    result<T> run(awaitable<result<T>> work, on_signal what = on_signal::cancel)
    {
        std::optional<result<T>> done;
        if (auto const whole = drive(keep(std::move(work), done), what); !whole)
            return whole.error();
        return std::move(*done);
    }

private:
    engine_host() = default;

    template <class T>
    static awaitable<result<void>> keep(awaitable<result<T>> work, std::optional<result<T>>& done)
    {
        done = co_await std::move(work);
        co_return result<void>{};
    }
    result<void> drive(awaitable<result<void>> work, on_signal what);

    // In the order of dependence: what is below uses what is above.
    asio::io_context loop_{1};
    machine_clock time_{};
    std::chrono::milliseconds drain_{};
    adapters::registry kinds_{};
    std::unique_ptr<net::http_client> network_{};
    std::unique_ptr<storage::writer> writer_{};
    std::unique_ptr<storage::background_reader> reader_{};
    std::unique_ptr<check::engine> engine_{};
};

} // namespace checkwatches::app
