#pragma once

#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/feed/event_pages.hpp"
#include "engine/feed/sink.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

struct courier_settings {
    clock::duration look_every{60'000}; // for what nobody told of
    // After trouble: doubling from the first to the last.
    clock::duration first_delay{1'000};
    clock::duration most_delay{300'000};
    clock::duration longest_wait{3'600'000}; // that the other side can ask for
    std::int64_t most_refusals = 5;          // of one event: then it is parked
    // In a row, none taken in between: then it is the sink that is out of order, not the event, and nothing
    // more is parked until it takes one.
    std::int64_t most_parked = 10;
    std::int64_t page = 500;         // events that are read at a time
    clock::duration keep_every{100}; // at most so often it is written where a sink of single events stands
    clock::duration linger{5'000};   // that the last delivery may take once it is to end
};

// A sink, and how it is served.
struct served_sink {
    std::shared_ptr<sink> to{};
    double rate = 50; // events in a second, at most; 0: as fast as it takes them
    // Where one begins that was never served: behind the change of this id; 0: at the first; nothing: with
    // what comes from now on.
    std::optional<std::int64_t> from{};
};

struct courier_parts {
    storage::background_reader& reader; // of its own: pages of events are read on it
    storage::writer& writer;
    address_of url_of;
    clock const& time;
    logger& log;
};

// Tells sinks of changes: each at least once, in the order of the log, never before it is durable, for it
// reads them from the database. A sink's position there moves only once the other side has confirmed, so that
// whatever is killed, it goes on behind what is confirmed, and tells what it cannot know again with the same
// id. One that is down is waited for; one that does not take an event, but others, has it parked. Each sink
// goes its own way, and delays no other. All calls are made on the loop's thread.
class courier {
public:
    // All references outlive the courier; the courier outlives run().
    courier(asio::any_io_executor executor, courier_parts parts, courier_settings settings = {});
    ~courier();

    // These are to be served from now on: new ones begin, changed ones go on as they now are, and others end,
    // each when what it is delivering is over. To be called before run(), too.
    void serve(std::vector<served_sink> sinks);

    // Finds out where the sinks stand: a new one begins here, and check events that are wanted are kept from
    // here on. Before run() or run_once(), so that nothing of what comes between is missed.
    awaitable<void> prepare();

    // Until close(), or until cancelled.
    awaitable<void> run();
    // Delivers what there is, to each sink until nothing is left or it is in trouble, for so long at most.
    // Instead of run(), for a process that does not stay.
    awaitable<void> run_once(clock::duration most);
    void close();

    // There may be something new to tell. It looks by itself now and then, too.
    void changes_were_made();

    // The events that were parked for the sink, or the one with this id, are to be told again, and one that
    // waits after trouble is tried at once. Errors of kind usage: no such sink, nothing parked.
    awaitable<result<std::int64_t>> retry(std::string sink, std::optional<std::int64_t> id);
    // The event that the sink does not take is parked when it is refused the next time, which is at once. An
    // error of kind usage: no such sink, or it is in no trouble.
    awaitable<result<void>> skip(std::string sink);
    // Forgets a sink that is not served any more. Errors of kind usage: there is none, or it is served.
    awaitable<result<void>> drop(std::string sink);

    // Null: none of this name is served.
    std::shared_ptr<sink> find(std::string const& sink) const;
    std::vector<std::string> served() const; // names, in order

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::feed
