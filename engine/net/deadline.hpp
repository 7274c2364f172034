#pragma once

#include "engine/core/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace checkwatches::net {

namespace asio = boost::asio;

using steady_time = std::chrono::steady_clock::time_point;

class deadline;

// The deadlines of one client, all kept by one timer: starting or moving a deadline costs a look at the
// clock, not a timer of its own.
class watchdog {
public:
    explicit watchdog(asio::any_io_executor const& executor);
    watchdog(watchdog const&) = delete;
    watchdog& operator=(watchdog const&) = delete;

private:
    friend deadline;
    void watch(deadline& d);
    void arm(steady_time at);
    void look();

    using hook = boost::intrusive::list_base_hook<
        boost::intrusive::link_mode<boost::intrusive::link_mode_type::auto_unlink>>;
    struct watched : hook {};

    boost::intrusive::list<watched, boost::intrusive::constant_time_size<false>> running_;
    asio::steady_timer timer_;
    steady_time armed_ = steady_time::max();
    // A timer that had expired when the watchdog was destroyed still calls its handler.
    std::shared_ptr<watchdog*> self_;
};

// The step of a request that a deadline bounds.
enum class phase { resolve, connect, handshake, data, total };

// "no connection within 10 s": an error of kind timeout.
error timeout_error(phase of, std::chrono::milliseconds limit);

// One operation's deadline. The owner is the operation; neither can be moved.
class deadline : watchdog::watched {
public:
    // `interrupt` is called at most once a start, when time is up: it makes the operation end. It may destroy
    // no deadline.
    deadline(watchdog& dog, std::function<void()> interrupt);
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;

    // No phase lasts beyond `at`; `whole` is what is said then.
    void overall(steady_time at, std::chrono::milliseconds whole) noexcept;

    // Begins a phase, in place of the one before.
    void start(phase of, std::chrono::milliseconds limit);
    // The phase begins again: something moved.
    void touch() noexcept;
    void stop() noexcept;

    bool running() const noexcept { return is_linked(); }
    bool expired() const noexcept { return expired_; }
    // Which limit it was; only where expired.
    error reason() const;

private:
    friend watchdog;

    watchdog& dog_;
    std::function<void()> interrupt_;
    steady_time due_{};
    steady_time overall_ = steady_time::max();
    std::chrono::milliseconds whole_{};
    std::chrono::milliseconds limit_{};
    phase phase_{};
    bool expired_ = false;
};

} // namespace checkwatches::net
