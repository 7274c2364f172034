// The floor that no client gets below: opens a connection to every address on standard input, sends one
// prepared request on each and counts bytes until the answers are complete. No parsing, no store, one thread
// and one epoll.
//
//   checkwatches-floor <URLS      prints the milliseconds from the first connect to the last byte
#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace checkwatches;

struct exchange {
    int socket = -1;
    std::string request{};
    std::string tail{}; // the last bytes of the answer, where a chunked body shows its end
};

// Connects without waiting; the address must be an IPv4 literal. -1 where that cannot be begun.
int start_connect(web_url const& to)
{
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(to.port);
    int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0 || ::inet_pton(AF_INET, to.host.c_str(), &at.sin_addr) != 1)
        return -1;
    int const on = 1;
    ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bool const begun = ::connect(s, reinterpret_cast<sockaddr const*>(&at), sizeof at) == 0
                       || errno == EINPROGRESS;
    return begun ? s : -1;
}

// Reads what there is; true at the end of the answer.
bool read_some(exchange& e)
{
    static std::array<char, 64 * 1024> buffer;
    constexpr std::string_view end_of_chunks = "0\r\n\r\n";
    for (;;) {
        auto const n = ::read(e.socket, buffer.data(), buffer.size());
        if (n <= 0)
            return n == 0;
        e.tail.append(buffer.data(), static_cast<std::size_t>(n));
        if (e.tail.size() > end_of_chunks.size())
            e.tail.erase(0, e.tail.size() - end_of_chunks.size());
        if (e.tail == end_of_chunks)
            return true;
    }
}

} // namespace

int main()
{
    std::vector<exchange> all;
    std::vector<web_url> urls;
    for (std::string line; std::getline(std::cin, line);)
        urls.push_back(parse_url(line).value());
    all.reserve(urls.size());

    auto const began = std::chrono::steady_clock::now();
    int const poll = ::epoll_create1(EPOLL_CLOEXEC);
    for (auto const& url : urls) {
        all.push_back(
            {.socket = start_connect(url),
             .request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", url.target(), url.authority())});
        epoll_event wanted{.events = EPOLLOUT, .data = {.u64 = all.size() - 1}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, all.back().socket, &wanted);
    }
    std::array<epoll_event, 256> ready{};
    for (std::size_t left = all.size(); left != 0;) {
        auto const n = ::epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), 30'000);
        if (n <= 0) {
            fmt::print(stderr, "checkwatches-floor: {} answers did not come\n", left);
            return 1;
        }
        for (int i = 0; i != n; ++i) {
            auto& event = ready[static_cast<std::size_t>(i)];
            auto& e = all[event.data.u64];
            if ((event.events & EPOLLOUT) != 0) {
                if (::write(e.socket, e.request.data(), e.request.size()) < 0)
                    return 1;
                epoll_event wanted{.events = EPOLLIN, .data = event.data};
                ::epoll_ctl(poll, EPOLL_CTL_MOD, e.socket, &wanted);
            }
            else if (read_some(e)) {
                ::close(e.socket);
                --left;
            }
        }
    }
    std::chrono::duration<double, std::milli> const elapsed = std::chrono::steady_clock::now() - began;
    fmt::print("{:.1f}\n", elapsed.count());
}
