#pragma once

#include "engine/check/ramp.hpp"
#include "engine/core/async.hpp"
#include "engine/core/clock.hpp"
#include "engine/core/url.hpp"
#include "engine/net/line.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace checkwatches::check {

struct network_settings {
    std::optional<web_url> canary{};      // an address that always answers; none: only the trackers tell
    std::size_t hosts = 3;                // so many unrelated hosts that fail together are our own failure
    std::chrono::seconds window{60};      // … within this
    std::chrono::seconds grace{2};        // how long a host's failure waits for others' to come
    std::chrono::seconds first_retest{5}; // while we are offline; then doubled
    std::chrono::seconds most_retest{60}; // … up to this
};

// Whose fault a failure is.
enum class blame { tracker, ourselves };

// Whether failures of this kind are asked about: no connection, no name, or nothing in time.
bool can_be_ours(error_kind kind) noexcept;

// What unrelated hosts differ in: the last two labels of a name, or a whole address.
std::string site_of(std::string_view host);

// Tells a tracker that cannot be reached from us who reach nobody. While we are offline nothing is asked and
// nobody is blamed. All calls are made on the loop's thread.
class network_watch {
public:
    struct hooks {
        // Asks the canary; empty where there is none. True: it answered, whatever it said.
        std::function<awaitable<bool>()> ask_canary{};
        std::function<void(std::string const& why)> on_offline{};
        std::function<void()> on_online{};
    };

    // What it refers to outlives it; what is called must not come back here.
    network_watch(
        asio::any_io_executor const& executor,
        clock const& time,
        ramp& pace,
        network_settings const& settings,
        hooks call);

    // A host failed at the connection. Waits for what is needed to say whose fault that is: for the canary,
    // or for a moment in which others may fail too.
    awaitable<blame> judge(std::string host);

    // A host answered, whatever it said: we are online.
    void worked();

    bool offline() const noexcept { return offline_; }

    // Returns at once while we are online. While we are not: when we are again, or when the caller is the one
    // who is to try a request; it then tells by worked() or judge() what came of that.
    awaitable<void> until_online();

    // Tests again and again while we are offline, until cancelled; to be run beside the rest.
    awaitable<void> run();

    void set(network_settings const& settings) { settings_ = settings; }

private:
    class asking;
    awaitable<void> retest();
    awaitable<bool> canary_works();
    void note_failure(std::string const& host);
    bool failed_together() const;
    void go_offline(std::string const& why);

    asio::any_io_executor executor_;
    clock const& time_;
    ramp& pace_;
    network_settings settings_;
    hooks call_;

    std::map<std::string, clock::duration, std::less<>> failed_; // sites, since the last answer, and when
    bool offline_ = false;
    std::size_t times_offline_ = 0;
    std::size_t answers_ = 0;
    bool may_try_ = false; // offline, and whoever comes next may try a request
    net::line stopped_;    // wait for being online
    net::line idle_;       // run(), while there is nothing to test

    bool asking_ = false; // the canary
    std::size_t times_asked_ = 0;
    bool canary_answered_ = false; // the last time
    net::line curious_;            // wait for its answer
};

} // namespace checkwatches::check
