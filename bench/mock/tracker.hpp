#pragma once

#include "bench/mock/bugs.hpp"
#include "bench/mock/fault.hpp"
#include "bench/mock/options.hpp"
#include "bench/mock/site.hpp"
#include "engine/core/async.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace checkwatches::mock {

// What clients did to a tracker.
struct traffic {
    std::uint64_t requests{};
    std::uint64_t not_modified{}; // … that were answered 304
    std::uint64_t connections{};
    std::uint64_t open{};      // connections now
    std::uint64_t most_open{}; // at once
    std::uint64_t waiting{};   // requests that are not answered yet
    std::uint64_t most_waiting{};
};

// One tracker on a port of its own of 127.0.0.1. Its coroutines hold it; stop() ends them.
class tracker : public std::enable_shared_from_this<tracker> {
public:
    // Throws boost::system::system_error where there is no socket left.
    tracker(asio::any_io_executor executor, tracker_options options);

    tracker_options const& options() const noexcept { return options_; }
    bug_store& bugs() noexcept { return bugs_; }
    traffic const& counts() const noexcept { return counts_; }
    // "http://127.0.0.1:4711/"
    std::string url() const { return origin_ + "/"; }
    // Launchpad: "http://127.0.0.1:4711/devel"; empty for the others.
    std::string api() const;

    // Begins to accept; once, after construction.
    void start();
    // Closes everything.
    void stop();
    // From now on; its counting begins at 0. Leaving `refuse` opens the same port again.
    void set_fault(fault_plan plan);
    // The tracker's clock is so far ahead of ours from now on; behind, where it is negative.
    void set_clock(std::chrono::milliseconds ahead) noexcept { options_.clock = ahead; }
    std::vector<int> step(std::size_t count) { return bugs_.step(count, now()); }
    bool change(std::int64_t id, bug_change const& what) { return bugs_.change(id, what, now()); }

private:
    struct seat;

    std::int64_t now() const { return seconds_by(options_.clock); }
    void listen();
    void follow_plan();
    void reset_all();
    awaitable<void> accept_all();
    awaitable<void> converse(asio::ip::tcp::socket socket);
    awaitable<bool> exchange(asio::ip::tcp::socket& socket, request const& rq);
    awaitable<void> step_by_time();
    template <class Coroutine>
    void spawn(Coroutine coroutine);

    asio::any_io_executor executor_;
    tracker_options options_;
    bug_store bugs_;
    dice dice_;
    asio::ip::tcp::acceptor acceptor_;
    asio::ip::tcp::acceptor guard_; // keeps the port while nothing listens
    asio::ip::tcp::endpoint place_;
    std::string origin_;
    std::unique_ptr<site> site_;
    asio::steady_timer stepper_;
    std::set<asio::ip::tcp::socket*> open_;
    traffic counts_;
    bool stopped_ = false;
};

} // namespace checkwatches::mock
