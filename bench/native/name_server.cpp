// A name server that answers every question, for a version 4 or version 6 address, after the same time; a
// thousand at once where it is asked so. Prints its address and ends with its standard input.
//
//   checkwatches-name-server [--at 127.0.0.1:0] [--latency MS] [--most N]
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using clock_type = std::chrono::steady_clock;

constexpr std::size_t header_size = 12;

struct answer {
    clock_type::time_point due;
    sockaddr_in to;
    std::string message;
};

// The question's end: behind its name, type and class. Nothing where it is no question.
std::optional<std::size_t> end_of_question(std::string_view query)
{
    auto const end = query.size() < header_size ? std::string_view::npos : query.find('\0', header_size);
    if (end == std::string_view::npos || end + 5 > query.size())
        return std::nullopt;
    return end + 5;
}

// One loopback address of the family that was asked for, or a refusal.
std::string answer_to(std::string_view query, std::size_t end, bool refused)
{
    using namespace std::string_view_literals;
    auto const question = query.substr(header_size, end - header_size);
    bool const version_6 = query[end - 3] == 28;
    auto out = std::string{query.substr(0, 2)} + (refused ? "\x81\x85" : "\x81\x80");
    out += refused ? "\0\1\0\0\0\0\0\0"sv : "\0\1\0\1\0\0\0\0"sv;
    out += question;
    if (refused)
        return out;
    out += "\xc0\x0c\0"sv;
    out += query[end - 3];
    out += "\0\1\0\0\0\x3c\0"sv; // kept for a minute
    out += version_6 ? "\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"sv : "\4\x7f\0\0\1"sv;
    return out;
}

int open_socket(std::string const& at)
{
    auto const colon = at.find(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(at.substr(colon + 1))));
    int const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (::inet_pton(AF_INET, at.substr(0, colon).c_str(), &address.sin_addr) != 1
        || ::bind(s, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        throw std::runtime_error{fmt::format("cannot listen at {}", at)};
    socklen_t size = sizeof address;
    ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
    fmt::print("{}:{}\n", at.substr(0, colon), ntohs(address.sin_port));
    std::fflush(stdout);
    return s;
}

class server {
public:
    server(int socket, std::chrono::milliseconds latency, std::size_t most)
        : socket_{socket},
          latency_{latency},
          most_{most}
    {}

    void run()
    {
        std::array<pollfd, 2> on{{{socket_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
        while (on[1].revents == 0) {
            auto const left = waiting_.empty() ? clock_type::duration{-1}
                                               : waiting_.front().due - clock_type::now();
            auto const seconds = std::chrono::floor<std::chrono::seconds>(left);
            timespec const wait{seconds.count(), std::max((left - seconds).count(), 0L)};
            ::ppoll(
                on.data(),
                on.size(),
                waiting_.empty()   ? nullptr
                : left.count() < 0 ? &none
                                   : &wait,
                nullptr);
            take_questions();
            send_due();
        }
    }

private:
    void take_questions()
    {
        std::array<char, 1500> buffer;
        answer next{};
        socklen_t size = sizeof next.to;
        for (;;) {
            auto const n = ::recvfrom(
                socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&next.to), &size);
            if (n < 0)
                return;
            std::string_view const query{buffer.data(), static_cast<std::size_t>(n)};
            auto const end = end_of_question(query);
            if (!end)
                continue;
            bool const refused = waiting_.size() >= most_;
            next.message = answer_to(query, *end, refused);
            next.due = clock_type::now() + latency_;
            if (refused)
                send(next);
            else
                waiting_.push_back(next);
        }
    }

    void send_due()
    {
        auto const now = clock_type::now();
        for (; !waiting_.empty() && waiting_.front().due <= now; waiting_.pop_front())
            send(waiting_.front());
    }

    void send(answer const& a)
    {
        ::sendto(
            socket_,
            a.message.data(),
            a.message.size(),
            0,
            reinterpret_cast<sockaddr const*>(&a.to),
            sizeof a.to);
    }

    static constexpr timespec none{};
    int socket_;
    std::chrono::milliseconds latency_;
    std::size_t most_;
    std::deque<answer> waiting_; // in the order of their times, since all take as long
};

} // namespace

int main(int argc, char** argv)
{
    std::string at = "127.0.0.1:0";
    int latency = 300;
    std::size_t most = 65'536;
    CLI::App options{"A name server that takes its time"};
    options.add_option("--at", at, "address and port");
    options.add_option("--latency", latency, "milliseconds until each answer");
    options.add_option("--most", most, "questions at a time; more are refused");
    CLI11_PARSE(options, argc, argv);
    server{open_socket(at), std::chrono::milliseconds{latency}, most}.run();
}
