#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/feed/event.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

// What became of events that a sink was to tell on.
struct delivery {
    std::size_t confirmed = 0;      // from the first on: the other side has them for good
    std::optional<error> trouble{}; // why not all
    // The trouble is with the first that is not confirmed: the other side works, and does not take this one.
    // It is tried again some times, and then parked. Otherwise it is with the way there, and is waited out.
    bool is_refusal = false;
    // The other side wants no more, ever: nothing is sent until a person says so, or the configuration.
    bool is_over = false;
};

// Somewhere that changes go to: a webhook, a broker, a file, people. What has been sent, and what is to be
// tried again, is the courier's (courier.hpp); a sink only tells on what it is given, in order. All calls are
// made on the loop's thread, one at a time.
class sink {
public:
    virtual ~sink() = default;

    virtual std::string const& name() const noexcept = 0;
    virtual std::string_view kind() const noexcept = 0; // as storage::sink_record has it
    virtual filter const& wanted() const noexcept = 0;
    virtual bool wants_checks() const noexcept { return false; }
    // How many it takes at a time, at most.
    virtual std::size_t batch() const noexcept { return 1; }

    // Tells them on; not empty. Resumes when it knows what became of them: what is not confirmed is told
    // again, with the same uuid. Cancelled, it may throw operation_aborted.
    virtual awaitable<delivery> deliver(std::vector<event> events) = 0;

    // Sends something that says of itself that it is a test, and is of no event: what the other side
    // answered, in a few words. May be called while it delivers. An error of kind usage: this kind of sink
    // has none.
    virtual awaitable<result<std::string>> test();
};

} // namespace checkwatches::feed
