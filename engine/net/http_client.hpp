#pragma once

#include "engine/core/time.hpp"
#include "engine/net/client.hpp"
#include "engine/net/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace checkwatches::net {

// What the client counted since it was made.
struct client_counters {
    std::size_t requests = 0;    // sent, redirects included
    std::size_t connections = 0; // opened
    std::size_t resumed = 0;     // TLS handshakes that resumed a session
    std::size_t bytes_in = 0;    // read from sockets
    std::size_t reads = 0;       // from sockets: receive calls, or under TLS calls of OpenSSL's
};

// What is left of a limit, as the last answer said that told.
struct announced_limit {
    std::int64_t remaining = 0;          // requests
    std::optional<std::int64_t> limit{}; // … of so many
    std::optional<utc_time> reset{};     // when there are so many again
    utc_time at{};                       // when that was said
};

// How much one origin may be asked now.
struct host_limits {
    budget_settings budget{};
    std::size_t in_use = 0;      // connections
    std::chrono::seconds wait{}; // that the next request would have to; rounded up
    std::optional<announced_limit> announced{};
};

// The client over real sockets. It must outlive every coroutine that sends through it; destroying it closes
// all connections. While it keeps idle ones, its timer keeps the loop from running out of work.
class http_client final : public client {
public:
    // Throws std::runtime_error where the trust store cannot be loaded.
    http_client(asio::any_io_executor executor, settings s);
    ~http_client() override;

    awaitable<result<response>> send(request const& rq, cookie_jar& session) override;

    // Gives one origin ("https://host") a budget of its own.
    void set_budget(std::string const& origin, budget_settings const& b);

    host_limits limits_of(std::string const& origin) const;

    client_counters const& counters() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::net
