// The limit of whoever posts one event after another: one connection, prepared bytes, nothing remembered.
//
//   checkwatches-posts PORT N BYTES      N posts of so many bytes, each when the one before is confirmed
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "cpu_used.hpp"
#include "loopback.hpp"

int main(int count, char** words)
try {
    using namespace checkwatches::bench;
    using std::chrono::steady_clock;
    if (count != 4)
        return 2;
    auto const posts = std::atol(words[2]);
    auto const head = [](std::size_t body) {
        return fmt::format("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n", body);
    };
    auto const body = static_cast<std::size_t>(std::atol(words[3])) - head(1'000).size();
    auto const text = head(body) + std::string(body, 'x');

    int const to = connect_to_loopback(static_cast<std::uint16_t>(std::atol(words[1])));
    auto const cpu = cpu_used();
    auto const began = steady_clock::now();
    std::string answer;
    for (auto left = posts; left != 0; --left) {
        send_all(to, text);
        for (answer.clear(); message_size(answer) == 0;)
            if (!receive_some(to, answer))
                throw std::runtime_error{"the receiver has gone"};
    }
    std::chrono::duration<double> const took = steady_clock::now() - began;
    fmt::print(
        "{{\"changes\":{},\"seconds\":{:.6f},\"cpu\":{:.6f},\"bytes\":{}}}\n",
        posts,
        took.count(),
        (cpu_used() - cpu).count(),
        static_cast<std::size_t>(posts) * text.size());
}
catch (std::exception const& why) {
    fmt::print(stderr, "checkwatches-posts: {}\n", why.what());
    return 1;
}
