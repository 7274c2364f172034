#include "raw_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace checkwatches::mock {

namespace {

std::uint16_t port_of(std::string_view url)
{
    auto const digits = url.substr(url.rfind(':') + 1);
    std::uint16_t port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

// The body of whole chunks; false while the last one is missing.
bool read_chunks(std::string_view wire, std::string& body)
{
    body.clear();
    for (;;) {
        auto const end = wire.find("\r\n");
        if (end == std::string_view::npos)
            return false;
        std::size_t size = 0;
        std::from_chars(wire.data(), wire.data() + end, size, 16);
        wire.remove_prefix(end + 2);
        if (wire.size() < size + 2)
            return false;
        if (size == 0)
            return true;
        body += wire.substr(0, size);
        wire.remove_prefix(size + 2);
    }
}

// Takes apart what has come so far; true where the answer is whole.
bool take_apart(raw_reply& reply)
{
    auto const end = reply.wire.find("\r\n\r\n");
    if (end == std::string::npos || !reply.wire.starts_with("HTTP/1.1 "))
        return false;
    reply.head = reply.wire.substr(0, end + 2);
    std::from_chars(reply.wire.data() + 9, reply.wire.data() + 12, reply.status);
    std::string_view const rest = std::string_view{reply.wire}.substr(end + 4);
    if (reply.header("Transfer-Encoding") == "chunked")
        return read_chunks(rest, reply.body);
    reply.body = rest;
    std::size_t length = 0;
    auto const text = reply.header("Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    return reply.body.size() >= length;
}

} // namespace

std::string raw_reply::header(std::string_view name) const
{
    auto const at = head.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos)
        return {};
    auto const begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

raw_client::raw_client(std::string_view url) : socket_(::socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_of(url));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
}

raw_client::~raw_client()
{
    ::close(socket_);
}

raw_reply raw_client::ask(std::string_view request_text, int patience, std::size_t limit)
{
    raw_reply reply;
    while (!request_text.empty()) {
        auto const n = ::send(socket_, request_text.data(), request_text.size(), MSG_NOSIGNAL);
        if (n <= 0) {
            // A reset that came before the request is told once, here.
            reply.reset = errno == ECONNRESET || errno == EPIPE;
            break;
        }
        request_text.remove_prefix(static_cast<std::size_t>(n));
    }
    std::array<char, 0x10000> piece{};
    while (reply.wire.size() < limit) {
        pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, patience) == 0) {
            reply.waiting = true;
            break;
        }
        auto const n = ::recv(socket_, piece.data(), piece.size(), 0);
        if (n <= 0) {
            reply.closed = n == 0;
            reply.reset = reply.reset || (n < 0 && errno == ECONNRESET);
            break;
        }
        reply.wire.append(piece.data(), static_cast<std::size_t>(n));
        reply.complete = reply.wire.size() < (std::size_t{1} << 20U) && take_apart(reply);
        if (reply.complete)
            break;
    }
    return reply;
}

raw_reply raw_client::get(std::string_view target, std::string_view headers, int patience)
{
    return ask(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n", target, headers), patience);
}

raw_reply get(std::string_view url, std::string_view target, std::string_view headers)
{
    return raw_client{url}.get(target, headers);
}

raw_reply post(std::string_view url, std::string_view target, std::string_view body)
{
    return raw_client{url}.ask(fmt::format(
        "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n{}", target, body.size(), body));
}

} // namespace checkwatches::mock
