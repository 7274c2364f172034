#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/connection.hpp"
#include "engine/net/resolver.hpp"
#include "engine/net/settings.hpp"
#include "engine/net/tls.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <span>

namespace checkwatches::net {

// Makes connections: name, address, proxy, TLS.
class dialer {
public:
    // Everything given must outlive the dialer; `buffer` is the one that all exchanges share.
    dialer(
        asio::any_io_executor executor,
        settings const& s,
        watchdog& dog,
        client_counters& counters,
        std::span<char> buffer);

    // A connection over which `to` can be asked, made before `end`, where the request's whole time is over.
    awaitable<result<std::unique_ptr<connection>>> dial(web_url to, steady_time end);

private:
    struct race;

    awaitable<result<std::unique_ptr<connection>>>
    reach(std::string host, std::uint16_t port, steady_time end);
    awaitable<result<std::unique_ptr<connection>>>
    try_all(address_list to, std::uint16_t port, steady_time end);
    awaitable<void> attempt(race& in, std::size_t which);
    awaitable<result<void>> tunnel(connection& over, web_url to);
    std::unique_ptr<connection> make(steady_time end);

    asio::any_io_executor executor_;
    settings const& settings_;
    watchdog& dog_;
    client_counters& counters_;
    std::span<char> buffer_;
    resolver resolver_;
    tls_trust trust_;
};

} // namespace checkwatches::net
