#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/net/budget.hpp"
#include "engine/net/line.hpp"
#include "engine/net/slots.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

namespace checkwatches::net {

// The way to one host for one credential: requests pass one by one, in the order in which they came, when the
// budget lets them and a connection is free.
class gate {
public:
    gate(asio::any_io_executor const& executor, budget_settings const& limits);

    // Leave to use one of the host's connections; an error of kind deferred where the budget's wait would be
    // too long. The wait for a connection is not limited.
    awaitable<result<slots::permit>> pass(slots& connections);
    // Without waiting; nothing where one would have to, or would be turned away.
    std::optional<slots::permit> try_pass(slots& connections);

    // Nothing passes before `until`; who would have to wait too long for that is turned away now.
    void block(steady_time until);
    // What an answer said is left of the host's limit, and that it was free of it (budget.hpp).
    void announce(std::size_t left, steady_time reset);
    void give_back();
    void set_limits(budget_settings const& limits);

    // How long the next request would have to wait; zero: it could go now.
    std::chrono::steady_clock::duration wait(steady_time now) const
    {
        return std::max(budget_.opens(now, waiting_) - now, std::chrono::steady_clock::duration{});
    }

    // Nobody waits and nothing would be forgotten if the gate were made anew.
    bool idle(steady_time now) const { return waiting_ == 0 && budget_.opens(now) <= now; }

private:
    asio::any_io_executor executor_;
    budget budget_;
    slots door_;
    line changed_;
    std::size_t waiting_ = 0;
};

} // namespace checkwatches::net
