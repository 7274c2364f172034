#pragma once

#include "engine/serve/http/request_parser.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::serve {

struct http_settings {
    // "127.0.0.1:8060", "[::1]:8060"; with port 0 the system picks one.
    std::vector<std::string> listen{"127.0.0.1:8060"};
    // Names that Host may have, beside the address that a client connected to, localhost and the loopback
    // addresses: "bugs.example.org", or with a port.
    std::vector<std::string> hosts{};
    // Addresses of proxies whose word about the client is believed.
    std::vector<std::string> proxies{};

    request_bounds request{};
    std::chrono::milliseconds request_time{10'000}; // for a request to arrive whole
    std::chrono::milliseconds idle_time{30'000};    // between two requests
    std::chrono::milliseconds reply_time{30'000};   // for taking an answer, or a piece of a stream
    std::chrono::milliseconds grace{2'000};         // for a client to take the last answer, and close
    std::chrono::milliseconds linger{5'000};        // for what is under way when stop() is called
    std::size_t most_connections = 2'048;
    std::size_t most_streams = 1'200; // of these
};

} // namespace checkwatches::serve
