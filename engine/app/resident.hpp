#pragma once

#include "engine/app/command_line.hpp"
#include "engine/app/control_service.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/app/feed_host.hpp"
#include "engine/app/service_log.hpp"
#include "engine/app/web_host.hpp"
#include "engine/serve/control_server.hpp"
#include "engine/serve/progress_watch.hpp"
#include "engine/serve/service_notify.hpp"

namespace checkwatches::app {

// The program that stays: the engine, what can be asked of it over the control socket, and what the service
// manager and the world are told. SIGTERM and SIGINT end it in order, a second one at once; SIGHUP makes it
// read its configuration again.
class resident {
public:
    // Global options, host, news and log outlive it; the caller holds the instance lock.
    resident(global_options const& global, config conf, engine_host& host, web_news& news, service_log& log);

    ~resident();

    // Until a signal ends it, and what was under way is done or given up. An error of kind storage: it could
    // not begin, or the database failed for good.
    result<void> run();

private:
    awaitable<result<void>> live();
    awaitable<result<void>> begin();
    awaitable<result<void>> work();
    awaitable<void> serve_engine(result<void>& done);
    awaitable<result<void>> record(std::function<void(storage::store&)> write);

    awaitable<void> helpers();
    awaitable<void> watch_signals();
    awaitable<void> feed_watchdog();
    awaitable<void> beat();
    awaitable<void> look_for_additions();
    awaitable<void> follow_moved_bugs();
    awaitable<void> read_rechecks();
    awaitable<result<std::int64_t>> count_additions();
    // resident_lists.cpp
    awaitable<void> keep_lists();
    awaitable<void> watch_list_folder();
    awaitable<void> meet_waiting();

    awaitable<result<void>> begin_feed();
    result<void> begin_web();
    void close(); // to new requests
    void reload();
    void stop(int signal);
    void stop_at_once(int signal);
    serve::movement movement() const;
    std::string summary() const;

    global_options const& global_;
    config conf_;
    engine_host& host_;
    web_news& news_;
    service_log& log_;
    control_service service_;
    serve::control_server server_;
    std::unique_ptr<feed_host> sinks_;
    std::unique_ptr<web_host> web_; // null: nobody is served over HTTP
    serve::service_notify manager_;
    asio::signal_set signals_;
    std::int64_t additions_ = 0; // how many of the database the engine knows
    net::alarm list_alarm_;      // rung where something happens in the folder of watch lists
    bool stopping_ = false;
};

} // namespace checkwatches::app
