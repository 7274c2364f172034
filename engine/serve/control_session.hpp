#pragma once

#include "engine/core/log.hpp"
#include "engine/net/line.hpp"
#include "engine/serve/control_handler.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace checkwatches::serve {

// What one client may take.
struct session_limits {
    std::chrono::milliseconds request_time{10'000}; // until its request is there
    std::chrono::milliseconds reply_time{30'000};   // for taking what it is sent
    std::size_t most_unsent = 256 * 1024;           // bytes that wait for it; further progress is left out
};

// One client: its request, and its answer in full, the last event always the last.
class control_session final : public control_reply {
public:
    using socket = asio::local::stream_protocol::socket;

    // All but the socket and the client's name outlive the session.
    control_session(
        socket s,
        std::string actor,
        session_limits const& limits,
        net::watchdog& dog,
        control_handler& handler,
        logger& log);

    control_session(control_session const&) = delete;
    control_session& operator=(control_session const&) = delete;

    // Until the client has its answer, or has gone and the call is done.
    awaitable<void> run();

    void tell(std::string_view event, json_text fields) override;
    awaitable<void> send(std::string_view event, json_text fields) override;

private:
    awaitable<result<control_request>> receive();
    awaitable<result<boost::json::object>> answer(control_request what);
    awaitable<void> serve();
    awaitable<void> write_out();
    void put(std::string line);
    void leave();

    socket socket_;
    std::string actor_;
    session_limits const& limits_;
    net::watchdog& dog_;
    control_handler& handler_;
    logger& log_;
    std::string unsent_;
    net::line news_;       // the writing half waits here for something to write
    net::line room_;       // the answering half waits here for room in `unsent_`
    bool is_last_ = false; // what is unsent ends the answer
    bool gone_ = false;
};

} // namespace checkwatches::serve
