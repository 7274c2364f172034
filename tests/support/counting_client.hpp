#pragma once

#include "engine/net/client.hpp"

#include <cstddef>
#include <utility>

namespace checkwatches::test {

// A client that counts what it passes on.
class counting_client final : public net::client {
public:
    explicit counting_client(net::client& to) : to_{to} {}

    awaitable<result<net::response>> send(net::request rq, net::cookie_jar& session) override
    {
        ++sent_;
        in_flight const me{in_flight_};
        co_return co_await to_.send(std::move(rq), session);
    }

    std::size_t sent() const { return sent_; }
    std::size_t waiting() const { return in_flight_; }

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
};

} // namespace checkwatches::test
