#pragma once

#include "engine/app/config.hpp"
#include "engine/app/engine_host.hpp"
#include "engine/feed/courier.hpp"
#include "engine/feed/digest/digest_sink.hpp"
#include "engine/net/alarm.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::app {

// The digests of a configuration: sinks that the courier serves, each with a life of its own beside.
class digest_host {
public:
    // The host and the log outlive it; it outlives what the courier runs. An error of kind storage.
    static result<std::unique_ptr<digest_host>> open(engine_host& host, std::string store_id, logger& log);
    ~digest_host();

    // The digests of this configuration from now on; what the courier is to serve.
    std::vector<feed::served_sink> reload(config const& conf);

    // A digest that is new begins here: before run() or run_once(), so that it tells what comes after.
    awaitable<void> prepare();
    // Until close() and the message that is under way then has gone or was given up, or until cancelled.
    awaitable<void> run();
    void close();
    // The same once, instead of run(): for a process that does not stay.
    awaitable<void> run_once();

private:
    digest_host(
        engine_host& host,
        std::unique_ptr<storage::background_reader> reader,
        std::string store_id,
        logger& log);

    feed::digest_parts parts();
    awaitable<void> run_all();
    awaitable<bool> wait_for_change(); // whether it goes on

    engine_host& host_;
    logger& log_;
    std::string store_id_;
    std::unique_ptr<storage::background_reader> reader_;
    std::shared_ptr<feed::post_office> post_;
    std::map<std::string, std::shared_ptr<feed::digest_sink>> sinks_;
    std::map<std::string, feed::digest_setup> changed_; // not taken over yet
    net::alarm bell_;
    bool closed_ = false;
};

// The way that mail leaves by this configuration.
std::shared_ptr<feed::mailer> make_mailer(config const& conf);

// How a digest writes its letters.
feed::letter_style letter_style_of(config const& conf, std::string store_id);

} // namespace checkwatches::app
