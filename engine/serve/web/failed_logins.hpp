#pragma once

#include "engine/core/clock.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace checkwatches::serve {

// How often tokens were wrong lately, by who showed them, so that nobody can guess for long. Arithmetic over
// given times.
class failed_logins {
public:
    static constexpr std::size_t most_of_peer = 10; // … within `span`
    static constexpr std::size_t most_of_all = 300; // … by all together
    static constexpr std::chrono::minutes span{10};
    static constexpr std::size_t most_peers = 4096;

    // How long this peer is to wait; nothing where it may try.
    std::optional<std::chrono::seconds> wait(std::string const& peer, clock::duration now);
    void failed(std::string const& peer, clock::duration now);

private:
    struct count {
        clock::duration began{};
        std::size_t times = 0;
    };
    static std::optional<std::chrono::seconds> left(count const& c, std::size_t most, clock::duration now);
    static void add(count& c, clock::duration now);

    std::map<std::string, count, std::less<>> peers_;
    count all_;
};

} // namespace checkwatches::serve
