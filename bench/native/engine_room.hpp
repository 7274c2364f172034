#pragma once

#include "adapters/registry.hpp"
#include "engine/check/engine.hpp"
#include "storage/reader.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

// Of this process: bytes that are resident, and the processor's milliseconds so far.
double resident_bytes();
double busy_ms();

// What an engine costs that serves and has nothing to ask.
struct idleness {
    double resident{}; // bytes
    double busy_ms{};  // of the processor
};

// For an engine that has nothing to ask.
class no_client final : public checkwatches::net::client {
public:
    checkwatches::awaitable<checkwatches::result<checkwatches::net::response>>
    send(checkwatches::net::request const&, checkwatches::net::cookie_jar&) override
    {
        throw std::logic_error("nothing is to be asked");
        co_return checkwatches::error{};
    }
};

// An engine over a database, loaded, and what it needs.
class engine_room {
public:
    explicit engine_room(std::string const& database);

    // Serves for a second, for what there is to do at the beginning, and then for `span`, which is measured.
    idleness idle(std::chrono::seconds span);

private:
    boost::asio::io_context loop_{1};
    checkwatches::machine_clock const time_;
    no_client network_;
    checkwatches::adapters::registry const kinds_;
    checkwatches::silent_logger log_;
    checkwatches::storage::writer writer_;
    checkwatches::storage::background_reader reader_;
    checkwatches::check::engine engine_;
};
