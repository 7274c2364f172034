#pragma once

#include "bench/mock/farm.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace checkwatches::mock {

// Where a tracker is.
struct address {
    std::string name{};
    std::string url{}; // "http://127.0.0.1:4711/"
    std::string api{}; // Launchpad only
};

// A farm with a thread and a loop of its own, for tests of other rooms. Every call may be made by any thread;
// it waits until the farm's thread has done it.
class farm_thread {
public:
    farm_thread();
    ~farm_thread();
    farm_thread(farm_thread const&) = delete;
    farm_thread& operator=(farm_thread const&) = delete;

    address add(tracker_options options);
    // As parse_tracker() reads it; throws std::invalid_argument.
    address add(std::string_view spec);

    // These throw std::out_of_range where there is no such tracker.
    bool change(std::string_view name, std::int64_t id, bug_change const& what);
    std::vector<int> step(std::string_view name, std::size_t count);
    void set_fault(std::string_view name, fault_plan plan);
    // The tracker's clock is so far ahead of ours from now on; without a name, that of every tracker.
    void set_clock(std::string_view name, std::chrono::milliseconds ahead);
    void set_clock(std::chrono::milliseconds ahead);
    traffic counts(std::string_view name);
    std::string ledger(std::string_view name);
    // A copy of the bug with its history and what was served of it.
    bug look(std::string_view name, std::int64_t id);

    // Runs `f(farm&)` on the farm's thread.
    template <class Function>
    auto call(Function f) -> std::invoke_result_t<Function, farm&>
    {
        std::packaged_task<std::invoke_result_t<Function, farm&>()> work{[&] { return f(farm_); }};
        auto done = work.get_future();
        asio::post(loop_, [&work] { work(); });
        return done.get();
    }

private:
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
    farm farm_{loop_.get_executor()};
    std::thread thread_;
};

} // namespace checkwatches::mock
