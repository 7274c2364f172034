#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/deadline.hpp"
#include "engine/net/http_client.hpp"
#include "engine/net/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace checkwatches::net {

// How one step over a socket ended.
enum class step { done, want_read, want_write, end, failed };

// One TCP connection, perhaps with TLS on it. It holds no buffer: who reads brings one. Destroying it closes
// the socket at once; so does its deadline.
class connection {
public:
    connection(asio::any_io_executor const& executor, watchdog& dog, client_counters& counters);
    connection(connection const&) = delete; // the deadline and TLS point here
    connection& operator=(connection const&) = delete;

    deadline& limit() noexcept { return limit_; }

    awaitable<result<void>> connect(asio::ip::tcp::endpoint peer, std::chrono::milliseconds within);
    // Speaks TLS from here on; `host` and `port` are the server's, also behind a proxy.
    awaitable<result<void>> secure(tls_trust& trust, web_url to, std::chrono::milliseconds within);

    // One attempt each, without waiting; `n` is how much was read or written. After `failed`, failure() says
    // why; `end` is the peer's orderly end.
    step read(std::span<char> into, std::size_t& n);
    step write(std::string_view from, std::size_t& n);
    // Waits for what a step wanted: auto const [ec] = co_await …; woken(ec) says what came of it.
    auto until_ready(step wanted)
    {
        using asio::ip::tcp;
        auto const what = wanted == step::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
        return socket_.async_wait(what, use_tuple);
    }
    // An error once the deadline has expired; throws operation_aborted when cancelled.
    result<void> woken(error_code ec) const;

    // Bytes have come that a read has not handed out yet.
    bool holds_more() const noexcept;
    // Nothing moves for now: what only moving needs is given back.
    void rest() noexcept;
    // A kept connection that was left alone: still open, and nothing came that nobody asked for.
    bool quiet();

    error const& failure() const noexcept { return failure_; }

private:
    step read_plain(std::span<char> into, std::size_t& n);
    step tls_step(int returned);
    error refused(asio::ip::tcp::endpoint const& peer, error_code why) const;

    client_counters& counters_;
    asio::ip::tcp::socket socket_;
    std::string peer_;
    tls_ptr<SSL> tls_;
    std::uint64_t tls_bytes_ = 0;
    error failure_{};
    deadline limit_;
};

} // namespace checkwatches::net
