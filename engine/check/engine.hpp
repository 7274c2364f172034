#pragma once

#include "adapters/registry.hpp"
#include "engine/check/breaker.hpp"
#include "engine/check/engine_observer.hpp"
#include "engine/check/network_watch.hpp"
#include "engine/check/pass.hpp"
#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/net/client.hpp"
#include "engine/net/settings.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

// What the engine works with; all of it outlives the engine.
struct engine_parts {
    asio::any_io_executor executor; // of the one loop
    clock const& time;
    net::client& network;
    // Gives a host ("https://host") a budget of its own.
    std::function<void(std::string const& origin, net::budget_settings const& budget)> set_budget;
    storage::writer& writer;
    storage::background_reader& reader;
    adapters::registry const& kinds;
    logger& log;
    engine_observer* observer = nullptr; // nobody is told, where there is none
};

struct engine_settings {
    pass_settings pass{};
    net::budget_settings budget{};                       // of hosts that have none of their own
    std::map<std::string, net::budget_settings> hosts{}; // by origin: those that have
    std::size_t most_trackers = 1000;                    // asked at a time
    std::size_t most_trackers_of_host = 4; // … of those that share a host: the others take turns with them
    breaker_settings breaking{};           // of trackers and of hosts
    network_settings offline{};
    std::chrono::seconds drain{30}; // how long what is under way may go on after stop()
    storage::retention keep{};
};

// What a check would cost.
struct estimate {
    std::size_t trackers = 0;
    std::size_t bugs = 0;
    std::size_t requests = 0;
    // … of them that ask "anything new?", and take nothing from the host's limit where the answer is no
    // (304).
    std::size_t free = 0;
    std::size_t comments = 0;    // more requests, at most, where what is written about the bugs is imported
    std::chrono::seconds time{}; // by the hosts' budgets and what requests took lately, for all of them
};

// What goes on now.
struct engine_status {
    utc_time started_at{};
    std::size_t trackers = 0;
    std::size_t active_trackers = 0;  // being asked
    std::size_t waiting_trackers = 0; // due, and waiting for their turn, their breaker or their host's budget
    std::size_t bugs = 0;             // watched
    std::size_t due = 0;              // of them, by the schedule in memory
    std::optional<utc_time> oldest_due{};
    std::size_t deferred = 0;      // due bugs of trackers that are paused, or closed by a breaker, or wait
    std::size_t in_flight = 0;     // bugs that are being asked for
    std::size_t passes = 0;        // check() calls under way
    std::size_t breakers_open = 0; // of trackers and of hosts
    bool offline = false;
    storage::writer_health writer{};
    // When each of these last got somewhere, or had nothing to do: a watchdog's food. The network got
    // somewhere with each look at a batch that ended, however it did.
    utc_time scheduler_moved_at{};
    utc_time writer_moved_at{};
    utc_time network_moved_at{};
};

// Checks bugs when they are due, or when it is told to: all trackers at once on the one loop, each active one
// a coroutine that draws on its host's budget. Holds the schedule in memory; the store is the truth.
//
// All calls are made on the loop's thread. Errors of kind usage name what is not there; of kind storage: the
// database failed.
class engine {
public:
    engine(engine_parts const& parts, engine_settings settings);
    ~engine();

    // Reads the schedule and what is known of trackers and breakers. First of all, once.
    awaitable<result<void>> load();

    // Checks what falls due until stop(); then finishes, within settings.drain.
    awaitable<result<void>> serve();
    void stop();
    // Begins nothing more, lets what is under way go on for so long, then cuts it off: that stays due.
    // Returns when nothing is under way. No coroutine of the engine is left then, and it may be destroyed.
    awaitable<void> finish(std::chrono::milliseconds bound);

    // Checks what is wanted and returns when each bug of it was checked or put off. A bug that is being asked
    // for already is not asked for again: its answer counts. Works beside serve() and without it.
    awaitable<result<pass_result>> check(pass_request wanted, pass_observer& told);
    awaitable<result<estimate>> cost(pass_request wanted);
    // How many bugs a check would be about; nothing is read.
    result<std::size_t> count(pass_request const& wanted) const;

    // Looks for bugs and trackers that were added to the database behind its back; and at these bugs, which
    // are to be asked about again, or not any more.
    awaitable<result<void>> refresh(std::vector<storage::bug_id> moved = {});

    // Asks the tracker what it is and can do, and keeps that.
    awaitable<result<storage::stored_capabilities>> probe(std::string tracker);
    // A paused tracker is not asked, not even when told to, until it is resumed.
    awaitable<result<void>> pause(std::string tracker, std::string note);
    awaitable<result<void>> resume(std::string tracker);
    // Closes the tracker's breaker and its host's, and makes due every bug of it that failed.
    awaitable<result<void>> reset(std::string tracker);
    // `change` makes other settings of those that hold; what they became.
    awaitable<result<storage::tracker_settings>>
    configure(std::string tracker, std::function<void(storage::tracker_settings&)> change);
    // Says what a word of the tracker means ("" takes that back: the configuration's or the adapter's meaning
    // again), keeps that, and makes due every bug that it changes. `field` is "status" or "importance", `key`
    // as word_map has it, `means` a normal word. What is stored wins over the configuration. How many bugs it
    // made due.
    awaitable<result<std::size_t>> set_meaning(
        std::string tracker, std::string field, std::string key, std::string means, std::string actor);

    // Takes over other settings; what is under way goes on with the old ones, but for what words mean.
    void reload(engine_settings settings);

    engine_status status() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::check
