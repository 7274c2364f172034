#pragma once

#include "engine/core/async.hpp"
#include "engine/core/url.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::test {

// Waits until `holds()`, for as long as a loaded machine may need; false where it never does.
inline awaitable<bool> until(std::function<bool()> holds)
{
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor};
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end)
            co_return false;
        timer.expires_after(std::chrono::milliseconds{1});
        co_await timer.async_wait(use_awaitable);
    }
    co_return true;
}

// "HTTP/1.1 200 OK" with this body and, before it, these header lines ("Name: value\r\n").
inline std::string
answer(std::string_view body, std::string_view headers = "", std::string_view status = "200 OK")
{
    return std::string{"HTTP/1.1 "}
        .append(status)
        .append("\r\n")
        .append(headers)
        .append("Content-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n\r\n")
        .append(body);
}

// The server's end of one connection.
class peer {
public:
    explicit peer(asio::ip::tcp::socket s) : socket{std::move(s)} {}

    // The next request, header and body; empty once the client has gone.
    awaitable<std::string> request()
    {
        auto const [ec, head] = co_await asio::async_read_until(
            socket, asio::dynamic_buffer(buffer_), "\r\n\r\n", use_tuple);
        if (ec)
            co_return std::string{};
        auto const length = buffer_.substr(0, head).find("Content-Length: ");
        auto const size = head + (length == std::string::npos ? 0 : std::stoul(buffer_.substr(length + 16)));
        while (buffer_.size() < size) {
            char more[4096];
            auto const [failed, n] = co_await socket.async_read_some(asio::buffer(more), use_tuple);
            if (failed)
                co_return std::string{};
            buffer_.append(more, n);
        }
        auto whole = buffer_.substr(0, size);
        buffer_.erase(0, size);
        co_return whole;
    }

    awaitable<void> say(std::string text)
    {
        co_await asio::async_write(socket, asio::buffer(text), use_tuple);
    }

    // Returns when the client has closed its end.
    awaitable<void> gone()
    {
        char byte[256];
        for (;;) {
            auto const [ec, n] = co_await socket.async_read_some(asio::buffer(byte), use_tuple);
            if (ec)
                co_return;
        }
    }

    void close()
    {
        boost::system::error_code ignored;
        socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        socket.close(ignored);
    }

    // Resets the connection instead of ending it.
    void reset()
    {
        boost::system::error_code ignored;
        socket.set_option(asio::socket_base::linger{true, 0}, ignored);
        socket.close(ignored);
    }

    asio::ip::tcp::socket socket;

private:
    std::string buffer_;
};

// Listens on loopback, at a port that the system chose, and plays `script` to each connection. Declare it
// after the loop; what it spawned there ends with the loop.
class loopback_server {
public:
    using script = std::function<awaitable<void>(peer&)>;

    loopback_server(
        asio::io_context& loop,
        script play,
        asio::ip::address const& address = asio::ip::address_v4::loopback(),
        std::uint16_t port = 0)
        : acceptor_{loop, asio::ip::tcp::endpoint{address, port}},
          play_{std::move(play)}
    {
        asio::co_spawn(loop, accept(), [](std::exception_ptr) {});
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    std::string authority(std::string const& host = "127.0.0.1") const
    {
        return host + ":" + std::to_string(port());
    }
    web_url url(std::string const& target = "/", std::string const& host = "127.0.0.1") const
    {
        return parse_url("http://" + authority(host) + target).value();
    }

    std::size_t accepted = 0;
    std::size_t open = 0; // played to just now
    std::size_t most_open = 0;

private:
    awaitable<void> accept()
    {
        auto const executor = co_await asio::this_coro::executor;
        for (;;) {
            auto socket = co_await acceptor_.async_accept(use_awaitable);
            socket.set_option(asio::ip::tcp::no_delay{true});
            ++accepted;
            asio::co_spawn(executor, serve(std::move(socket)), [](std::exception_ptr) {});
        }
    }

    awaitable<void> serve(asio::ip::tcp::socket socket)
    {
        peer p{std::move(socket)};
        most_open = std::max(most_open, ++open);
        co_await play_(p);
        --open;
    }

    asio::ip::tcp::acceptor acceptor_;
    script play_;
};

} // namespace checkwatches::test
