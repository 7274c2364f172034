#include "bench/mock/misbehave.hpp"

#include "bench/mock/fault_answers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::mock {

namespace {

using asio::ip::tcp;

constexpr std::size_t gigabyte = std::size_t{1} << 30U;

awaitable<bool> write_all(tcp::socket& socket, std::string_view what)
{
    auto const from = asio::buffer(what.data(), what.size());
    auto const [ec, n] = co_await asio::async_write(socket, from, use_tuple);
    co_return !ec && n == what.size();
}

// Until the client leaves.
awaitable<void> say_nothing(tcp::socket& socket)
{
    std::array<char, 512> ignored;
    auto const room = asio::buffer(ignored);
    for (;;) {
        auto const [ec, n] = co_await socket.async_read_some(room, use_tuple);
        if (ec)
            co_return;
    }
}

// Head and the first half of the body of a good answer.
std::string first_half(answer const& good, std::size_t promised)
{
    auto a = good;
    a.frame = answer::framing::length;
    a.close = false;
    auto const whole = serialize(a);
    auto const head = whole.size() - a.body.size();
    auto half = whole.substr(0, head + a.body.size() / 2);
    auto const at = half.find(fmt::format("Content-Length: {}\r\n", a.body.size()));
    auto const end = half.find("\r\n", at);
    return half.replace(at, end - at, fmt::format("Content-Length: {}", promised));
}

std::size_t body_size(answer const& good)
{
    return std::max<std::size_t>(good.body.size(), 1) + 100;
}

awaitable<void> send_without_end(tcp::socket& socket, answer const& good)
{
    auto head = good;
    head.frame = answer::framing::chunked;
    head.close = false;
    auto wire = serialize(head);
    wire.resize(wire.size() - std::string_view{"0\r\n\r\n"}.size());
    if (!co_await write_all(socket, wire))
        co_return;
    std::string const chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
    for (std::size_t sent = 0; sent < gigabyte; sent += chunk.size())
        if (!co_await write_all(socket, chunk))
            co_return;
}

awaitable<void> send_endless_length(tcp::socket& socket, answer const& good)
{
    constexpr std::size_t terabyte = gigabyte * 1024;
    auto const head = first_half(good, terabyte);
    if (!co_await write_all(socket, head))
        co_return;
    std::string const piece(0x10000, ' ');
    for (std::size_t sent = 0; sent < gigabyte; sent += piece.size())
        if (!co_await write_all(socket, piece))
            co_return;
}

awaitable<void> send_long_header(tcp::socket& socket)
{
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 4096; ++i)
        head += fmt::format("X-Filler-{}: {:x<1024}\r\n", i, "");
    head += "Content-Length: 0\r\n\r\n";
    co_await write_all(socket, head);
}

awaitable<bool> drip(tcp::socket& socket, occasion const& now)
{
    auto const wire = serialize(now.good);
    asio::steady_timer timer{socket.get_executor()};
    for (std::size_t i = 0; i < wire.size(); ++i) {
        if (i != 0) {
            timer.expires_after(now.options.drip);
            co_await timer.async_wait(use_tuple);
        }
        if (i + 1 == wire.size())
            now.delivers();
        std::string_view const byte{wire.data() + i, 1};
        bool const sent = co_await write_all(socket, byte);
        if (!sent)
            co_return false;
    }
    co_return !now.good.close;
}

// A 304 has no body that could be wrong.
answer with_a_body(answer good)
{
    constexpr unsigned not_modified = 304;
    if (good.status == not_modified) {
        good.status = 200;
        good.reason.clear();
    }
    return good;
}

bool spoils_the_body(fault what)
{
    return what == fault::reset_mid_body || what == fault::truncate || what == fault::stall_mid_body
           || what == fault::huge_body || what == fault::huge_length;
}

} // namespace

void reset_connection(tcp::socket& socket)
{
    error_code ignored;
    socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

awaitable<bool> misbehave(tcp::socket& socket, fault what, occasion const& now)
{
    auto const good = spoils_the_body(what) ? with_a_body(now.good) : now.good;
    if (auto const whole = fault_answer(what, now.target, good, now.options)) {
        auto const wire = serialize(*whole);
        bool const sent = co_await write_all(socket, wire);
        co_return sent && !whole->close;
    }
    std::string wire;
    switch (what) {
    case fault::none:
    case fault::close_idle:
        wire = serialize(good);
        now.delivers();
        break;
    case fault::reset_mid_body:
    case fault::truncate:
    case fault::stall_mid_body: wire = first_half(good, body_size(good)); break;
    case fault::garbage: wire = random_bytes(now.options.seed, 2048); break;
    default: break;
    }
    bool const sent = co_await write_all(socket, wire);
    switch (what) {
    case fault::none: co_return sent && !good.close;
    case fault::reset_mid_body: reset_connection(socket); break;
    case fault::stall:
    case fault::stall_mid_body: co_await say_nothing(socket); break;
    case fault::huge_body: co_await send_without_end(socket, good); break;
    case fault::huge_length: co_await send_endless_length(socket, good); break;
    case fault::huge_header: co_await send_long_header(socket); break;
    case fault::slow_drip: co_return co_await drip(socket, now);
    default: break;
    }
    co_return false;
}

} // namespace checkwatches::mock
