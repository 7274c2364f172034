#pragma once

#include "bench/mock/fault.hpp"
#include "bench/mock/http.hpp"
#include "bench/mock/options.hpp"
#include "engine/core/async.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>

namespace checkwatches::mock {

// What there is to answer; outlives the coroutine that does it.
struct occasion {
    std::string const& target; // of the request
    answer const& good;        // what a healthy tracker says
    tracker_options const& options;
    std::function<void()> delivers; // called before the bytes go that make the good answer whole
};

// Closes with a reset: what is unsent is lost, and the client's next read fails.
void reset_connection(asio::ip::tcp::socket& socket);

// Answers as the fault has it, which is none of refuse and reset. True: the connection may carry another
// request.
awaitable<bool> misbehave(asio::ip::tcp::socket& socket, fault what, occasion const& now);

} // namespace checkwatches::mock
