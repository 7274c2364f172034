#pragma once

#include "engine/core/async.hpp"
#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/serve/events/change_pages.hpp"
#include "engine/serve/events/event_ring.hpp"
#include "engine/serve/http/message.hpp"
#include "storage/background_reader.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace checkwatches::serve {

struct event_settings {
    std::size_t most_events = 4'096; // that are kept of changes, and of all others
    std::chrono::milliseconds heartbeat{15'000};
    // Between two looks at what is new, so that a busy engine costs a thousand streams a few writes a second:
    // this, or `gap_per_stream` for each stream, whichever is more; `busy_gap` where a pass is telling of
    // more checks in that time than people could read.
    std::chrono::milliseconds gap{10};
    std::chrono::microseconds gap_per_stream{1'000};
    std::chrono::milliseconds busy_gap{100};
    // Then a stream ends; its client comes again with the last id, and is asked again who it is.
    std::chrono::milliseconds longest_stream{300'000};
};

// What happens, told to many as Server-Sent Events. All calls are made on the loop's thread.
//
// Changes are read from the store, once for all streams: there their ids are in order and without a gap,
// which is what lets a client that knows the last id it saw miss nothing and see nothing twice. Checks and
// passes are told as they happen, and are gone with the ring.
class event_hub {
public:
    // The text of a change, one JSON object; called on the reader's thread.
    using describing = change_pages::describing;

    // All references outlive the hub; the hub outlives run() and its streams.
    event_hub(
        asio::any_io_executor executor,
        event_settings settings,
        storage::background_reader& reader,
        describing describe,
        clock const& time,
        logger& log);
    ~event_hub();

    // Reads changes and wakes the streams, until close(). Streams begin when it has begun.
    awaitable<void> run();

    // A check or a pass: `kind` is "check", "pass_began" or "pass_ended", `data` one JSON object.
    void publish(std::string_view kind, event_subject about, std::string_view data);
    // There may be new changes in the store, acts included. It looks by itself every heartbeat, too.
    void changes_were_made();

    // Sends what the filter wants until the client has gone, is too slow, or close(). `last` is what
    // Last-Event-ID says: it goes on behind that event, from the store where the ring does not reach back so
    // far; then an event "missed" says that checks and passes are missing. Empty: it begins now.
    awaitable<void> stream(http_stream& to, std::string last, event_filter filter);

    // The same as the answer to a request.
    http_answer answer(std::string last, event_filter filter);

    // Ends run() and all streams. To be called before the server is stopped: a quiet stream looks for that at
    // its heartbeats only.
    void close();

    std::size_t streams() const noexcept;
    // How often the store was asked for changes.
    std::size_t reads() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace checkwatches::serve
