// Takes what is posted to it on the loopback device and confirms each at once.
//
//   checkwatches-receiver N      prints its port, and after each N posts how long they took it from the first
//   to the last, and
//                                their bytes; ends with its standard input
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "loopback.hpp"

namespace {

using namespace checkwatches::bench;
using std::chrono::steady_clock;

constexpr int longest_pause = 60'000; // milliseconds without a post: then something is wrong

class receiver {
public:
    explicit receiver(long every) : every_{every} {}

    void run()
    {
        int const door = listen_on_loopback();
        fmt::print("{{\"port\":{}}}\n", port_of(door));
        std::fflush(stdout);
        for (;;) {
            std::vector<pollfd> all{{STDIN_FILENO, POLLIN, 0}, {door, POLLIN, 0}};
            for (auto const& [socket, text] : open_)
                all.push_back({socket, POLLIN, 0});
            if (::poll(all.data(), all.size(), longest_pause) == 0)
                throw std::runtime_error{"nothing is posted"};
            if (all[0].revents != 0)
                return;
            if (all[1].revents != 0)
                open_.try_emplace(::accept(door, nullptr, nullptr));
            for (auto const& one : std::vector(all.begin() + 2, all.end()))
                if (one.revents != 0)
                    take(one.fd);
        }
    }

private:
    void take(int socket)
    {
        auto& text = open_[socket];
        if (!receive_some(socket, text)) {
            ::close(socket);
            open_.erase(socket);
            return;
        }
        while (auto const size = message_size(text)) {
            if (count_ == 0)
                began_ = steady_clock::now();
            bytes_ += size;
            text.erase(0, size);
            send_all(socket, "HTTP/1.1 204 No Content\r\n\r\n");
            if (++count_ == every_)
                tell();
        }
    }

    void tell()
    {
        std::chrono::duration<double> const took = steady_clock::now() - began_;
        fmt::print("{{\"posts\":{},\"seconds\":{:.6f},\"bytes\":{}}}\n", count_, took.count(), bytes_);
        std::fflush(stdout);
        count_ = 0;
        bytes_ = 0;
    }

    long every_;
    long count_ = 0;
    std::size_t bytes_ = 0;
    steady_clock::time_point began_{};
    std::map<int, std::string> open_{};
};

} // namespace

int main(int count, char** words)
try {
    if (count != 2)
        return 2;
    receiver{std::atol(words[1])}.run();
}
catch (std::exception const& why) {
    fmt::print(stderr, "checkwatches-receiver: {}\n", why.what());
    return 1;
}
