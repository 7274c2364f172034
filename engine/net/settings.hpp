#pragma once

#include "engine/core/url.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::net {

// How much one host, as one credential, is asked. Shared by all trackers that live there.
struct budget_settings {
    std::size_t connections = 2;           // open at a time
    double requests_per_second = 0;        // 0: no limit of our own
    std::chrono::seconds longest_wait{15}; // a request that would have to wait longer is deferred

    bool operator==(budget_settings const&) const = default;
};

// The web proxy in the meaning of http_proxy, https_proxy and no_proxy.
struct proxy_settings {
    std::optional<web_url> http{};
    std::optional<web_url> https{};
    std::vector<std::string> bypass{}; // hosts, ".domain" suffixes, addresses, or "*"

    bool operator==(proxy_settings const&) const = default;

    // Reads the environment variables http_proxy, https_proxy and no_proxy (lower case first, then upper
    // case; HTTP_PROXY is not read, since CGI defines it).
    static result<proxy_settings> from_environment();
};

struct settings {
    std::chrono::milliseconds resolve_timeout{10'000};
    std::chrono::milliseconds connect_timeout{10'000};   // per address
    std::chrono::milliseconds handshake_timeout{10'000}; // TLS
    std::chrono::milliseconds idle_timeout{30'000};      // no byte moved
    std::chrono::milliseconds total_timeout{120'000};    // one request with all its redirects
    std::chrono::milliseconds keep_alive{60'000};        // an idle connection is closed after this
    std::size_t most_header = 64 * 1024;                 // bytes
    std::size_t most_body = 16 * 1024 * 1024;            // bytes as they come over the wire
    std::size_t most_decoded = 32 * 1024 * 1024;         // bytes after content coding is taken off
    std::size_t most_redirects = 5;
    std::size_t most_idle_connections = 2'000; // over all hosts
    std::string user_agent{"checkwatches"};    // "checkwatches/0.1 (+https://…)"
    std::string ca_file{};                     // PEM, in place of the system's certificates
    budget_settings budget{};                  // of every host that has none of its own
    proxy_settings proxy{};
    std::string dns_servers{}; // "127.0.0.1:5300": in place of resolv.conf; for tests

    bool operator==(settings const&) const = default;
};

} // namespace checkwatches::net
