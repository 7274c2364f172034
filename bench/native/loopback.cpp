#include "loopback.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>

namespace checkwatches::bench {
namespace {

int checked(int got, char const* what)
{
    if (got < 0)
        throw std::system_error{errno, std::generic_category(), what};
    return got;
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

} // namespace

int listen_on_loopback()
{
    int const s = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    auto const at = loopback(0);
    checked(::bind(s, reinterpret_cast<sockaddr const*>(&at), sizeof at), "bind");
    checked(::listen(s, SOMAXCONN), "listen");
    return s;
}

std::uint16_t port_of(int listener)
{
    sockaddr_in at{};
    socklen_t size = sizeof at;
    checked(::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size), "getsockname");
    return ntohs(at.sin_port);
}

int connect_to_loopback(std::uint16_t port)
{
    int const s = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    auto const at = loopback(port);
    checked(::connect(s, reinterpret_cast<sockaddr const*>(&at), sizeof at), "connect");
    int const on = 1;
    ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return s;
}

void send_all(int socket, std::string_view text)
{
    while (!text.empty())
        text.remove_prefix(static_cast<std::size_t>(
            checked(static_cast<int>(::send(socket, text.data(), text.size(), MSG_NOSIGNAL)), "send")));
}

bool receive_some(int socket, std::string& to)
{
    static std::array<char, 64 * 1024> buffer;
    auto const n = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (n > 0)
        to.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
}

std::size_t message_size(std::string_view text)
{
    constexpr std::string_view end_of_head = "\r\n\r\n", length = "\r\nContent-Length: ";
    auto const end = text.find(end_of_head);
    if (end == text.npos)
        return 0;
    auto const head = text.substr(0, end + 2);
    std::size_t body = 0;
    if (auto const at = head.find(length); at != head.npos)
        std::from_chars(head.data() + at + length.size(), head.data() + head.size(), body);
    auto const size = end + end_of_head.size() + body;
    return size <= text.size() ? size : 0;
}

} // namespace checkwatches::bench
