// The floor that no client gets below: sends prepared requests over as many connections to each origin as are
// allowed, each with its share in sequence, and finds where each answer ends. No parsing, no store, one
// thread and one epoll.
//
// Reads addresses from standard input, several of one origin for several requests. Prints what it took, from
// before the first connect:  {"wall_s","cpu_s","answers","bytes"}. Ends with 1 where an answer is missing or
// not 200.
#include "engine/core/url.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <span>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "answer_end.hpp"
#include "cpu_used.hpp"

namespace {

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

struct origin {
    sockaddr_in place{};
    std::vector<std::string> requests{};
    std::size_t next = 0; // the first of them that is not sent
};

struct connection {
    origin* to = nullptr;
    int socket = -1;
    bool is_open = false;
    std::string const* sent = nullptr;
    bench::answer_end answer{};
};

class client {
public:
    client(std::vector<origin>& all, std::size_t each, std::chrono::seconds timeout)
        : poll_(::epoll_create1(EPOLL_CLOEXEC)),
          timeout_(timeout)
    {
        for (auto& o : all)
            lines_.resize(lines_.size() + std::min(each, o.requests.size()), {.to = &o});
    }

    // One answer to every request.
    void run()
    {
        busy_ = lines_.size();
        for (auto& c : lines_)
            go_on(c);
        while (busy_ != 0)
            turn();
    }

    std::size_t answers() const noexcept { return answers_; }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    void turn()
    {
        std::array<epoll_event, 256> ready{};
        auto const limit = static_cast<int>(std::chrono::milliseconds{timeout_}.count());
        auto const n = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), limit);
        if (n <= 0)
            throw std::runtime_error(fmt::format("{} connections wait for ever", busy_));
        for (auto const& event : std::span{ready}.first(static_cast<std::size_t>(n))) {
            auto& c = *static_cast<connection*>(event.data.ptr);
            if (c.is_open)
                read(c);
            else
                connected(c);
        }
    }

    // Sends what is next, if anything is.
    void go_on(connection& c)
    {
        if (c.to->next == c.to->requests.size()) {
            if (c.is_open)
                close(c);
            --busy_;
            return;
        }
        c.sent = &c.to->requests[c.to->next++];
        c.answer = {};
        if (c.is_open)
            send(c);
        else
            connect(c);
    }

    void connect(connection& c)
    {
        c.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int const on = 1;
        ::setsockopt(c.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto const* const place = reinterpret_cast<sockaddr const*>(&c.to->place);
        if (::connect(c.socket, place, sizeof c.to->place) != 0 && errno != EINPROGRESS)
            throw std::system_error(errno, std::system_category(), "connect");
        epoll_event wanted{.events = EPOLLOUT, .data = {.ptr = &c}};
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, c.socket, &wanted);
    }

    void connected(connection& c)
    {
        epoll_event wanted{.events = EPOLLIN, .data = {.ptr = &c}};
        ::epoll_ctl(poll_, EPOLL_CTL_MOD, c.socket, &wanted);
        c.is_open = true;
        send(c);
    }

    static void send(connection& c)
    {
        // A failure shows at the read.
        static_cast<void>(::send(c.socket, c.sent->data(), c.sent->size(), MSG_NOSIGNAL));
    }

    void read(connection& c)
    {
        static std::array<char, 64 * 1024> buffer;
        auto const n = ::recv(c.socket, buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0)
            throw std::runtime_error("no whole answer: " + *c.sent);
        auto const got = static_cast<std::size_t>(n);
        bytes_ += got;
        if (!c.answer.take({buffer.data(), got}))
            return;
        if (c.answer.status() != 200)
            throw std::runtime_error(fmt::format("status {}: {}", c.answer.status(), *c.sent));
        ++answers_;
        if (c.answer.closes())
            close(c);
        go_on(c);
    }

    static void close(connection& c)
    {
        ::close(c.socket);
        c.is_open = false;
    }

    int poll_;
    std::chrono::seconds timeout_;
    std::vector<connection> lines_{};
    std::size_t busy_ = 0; // connections with something to do
    std::size_t answers_ = 0;
    std::size_t bytes_ = 0;
};

// The addresses' hosts must be IPv4 literals.
std::vector<origin> read_requests(std::istream& from)
{
    std::vector<origin> all;
    std::map<std::string, std::size_t> places;
    for (std::string line; std::getline(from, line);) {
        auto const url = parse_url(line).value();
        auto const [at, is_new] = places.try_emplace(url.authority(), all.size());
        if (is_new) {
            auto& place = all.emplace_back().place;
            place.sin_family = AF_INET;
            place.sin_port = htons(url.port);
            if (::inet_pton(AF_INET, url.host.c_str(), &place.sin_addr) != 1)
                throw std::runtime_error("no IPv4 address: " + line);
        }
        all[at->second].requests.push_back(
            fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", url.target(), url.authority()));
    }
    return all;
}

void measure(client& by)
{
    auto const began = stopwatch::now();
    auto const busy = bench::cpu_used();
    by.run();
    auto const cpu = bench::cpu_used() - busy;
    std::chrono::duration<double> const wall = stopwatch::now() - began;
    fmt::print(
        "{{\"wall_s\":{:.6f},\"cpu_s\":{:.6f},\"answers\":{},\"bytes\":{}}}\n",
        wall.count(),
        cpu.count(),
        by.answers(),
        by.bytes());
}

} // namespace

int main(int argc, char** argv)
try {
    std::size_t connections = 1;
    unsigned timeout = 30;
    CLI::App options{"The least that a client can do: asks for addresses from standard input"};
    options.add_option("--connections", connections, "to one origin")->check(CLI::Range(1, 1000));
    options.add_option("--timeout", timeout, "seconds without an answer")->check(CLI::Range(1, 600));
    CLI11_PARSE(options, argc, argv);

    auto all = read_requests(std::cin);
    client by{all, connections, std::chrono::seconds{timeout}};
    measure(by);
    return 0;
}
catch (std::exception const& e) {
    fmt::print(stderr, "checkwatches-floor: {}\n", e.what());
    return 1;
}
