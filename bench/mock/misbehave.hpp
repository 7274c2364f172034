#pragma once

#include "bench/mock/fault.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"
#include "engine/core/async.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace checkwatches::mock {

struct conduct {
    bool goes_on = false;   // the connection may carry another request
    bool delivered = false; // the client got the answer, whole
};

// Closes with a reset: what is unsent is lost, and the client's next read fails.
void reset_connection(asio::ip::tcp::socket& socket);

// Answers a request for `target` as the fault has it, where `good` is what a healthy tracker would have said.
// `what` is none of none, refuse and reset. Arguments outlive the coroutine.
awaitable<conduct> misbehave(
    asio::ip::tcp::socket& socket,
    fault what,
    std::string const& target,
    answer const& good,
    tracker_options const& options);

} // namespace checkwatches::mock
