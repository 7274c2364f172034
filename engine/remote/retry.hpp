#pragma once

#include "adapters/adapter.hpp"
#include "engine/core/clock.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace checkwatches {

// How often, and after how long, the same question is asked again.
struct retry_policy {
    std::size_t attempts = 3;              // of one request, the first included
    std::chrono::seconds first_delay{1};   // the longest wait before the second attempt; doubled with each
    std::chrono::seconds most_delay{10};   // … up to this
    std::chrono::seconds longest_wait{15}; // a tracker that names a longer time is not waited for here
    std::size_t per_pass = 5;              // of one tracker in one pass, over all its requests
};

// What an attempt ended with, as far as another one depends on it.
struct failure {
    error_kind kind{};
    unsigned status{}; // of the answer; 0: there was none
    std::optional<std::chrono::seconds> retry_after{};

    bool operator==(failure const&) const = default;
};

// Nothing where the answer is one that an adapter can use, or that will not be better the next time. Pure.
std::optional<failure> failure_of(result<adapters::reply> const& answer);

// How long to wait before the next attempt; nothing where there is none. `attempt` counts those made, from 1;
// `random01` is from [0, 1). Only what can pass is tried again: no connection, no answer in time, 502, 503,
// 504 and 429. A time that the tracker named is kept to; without one the wait is drawn between nothing and a
// bound that doubles ("full jitter"). A 429 that names no time is left alone, since some blocks begin anew
// with each request (bugzilla.mozilla.org's); so is a bot wall. Pure.
std::optional<std::chrono::milliseconds>
retry_delay(retry_policy const& policy, failure const& how, std::size_t attempt, double random01);

// The second attempts that one tracker has left in one pass.
class retry_budget {
public:
    explicit retry_budget(std::size_t most) : left_{most} {}

    // False where none is left.
    bool take() noexcept
    {
        bool const some = left_ != 0;
        left_ -= some ? 1 : 0;
        return some;
    }
    std::size_t left() const noexcept { return left_; }

private:
    std::size_t left_;
};

// How a tracker's requests are asked again. What it refers to outlives it.
struct retrying {
    retry_policy policy{};
    retry_budget& left;
    clock const& time;
    std::function<double()> random01{};
};

// What retry_delay says after this answer, where another attempt is left in the pass; it is taken. Only what
// reads may be asked so.
std::optional<std::chrono::milliseconds>
wait_for_another(retrying const& how, result<adapters::reply> const& answer, std::size_t attempt);

} // namespace checkwatches
