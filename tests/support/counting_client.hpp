#pragma once

#include "engine/net/client.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace checkwatches::test {

// A client that counts what it passes on.
class counting_client final : public net::client {
public:
    explicit counting_client(net::client& to) : to_{to} {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar& session) override
    {
        ++sent_;
        in_flight const me{in_flight_};
        most_in_flight_ = std::max(most_in_flight_, in_flight_);
        co_return co_await to_.send(rq, session);
    }

    std::size_t sent() const { return sent_; }
    std::size_t waiting() const { return in_flight_; }
    // At a time, since forget_most_waiting().
    std::size_t most_waiting() const { return most_in_flight_; }
    void forget_most_waiting() { most_in_flight_ = in_flight_; }

private:
    struct in_flight {
        explicit in_flight(std::size_t& count) : count_{count} { ++count_; }
        ~in_flight() { --count_; }
        in_flight(in_flight const&) = delete;
        in_flight& operator=(in_flight const&) = delete;
        std::size_t& count_;
    };

    net::client& to_;
    std::size_t sent_ = 0;
    std::size_t in_flight_ = 0;
    std::size_t most_in_flight_ = 0;
};

} // namespace checkwatches::test
