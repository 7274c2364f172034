#pragma once

#include "engine/check/engine_observer.hpp"
#include "engine/core/clock.hpp"
#include "engine/feed/courier.hpp"
#include "engine/serve/events/event_hub.hpp"
#include "engine/serve/metrics/meters.hpp"

namespace checkwatches::app {

// Passes on what the engine does to what counts it and tells it over HTTP: the engine is made first.
class web_news final : public check::engine_observer {
public:
    // Nobody is told before, and after disconnect().
    void connect(serve::meters& counted, serve::event_hub& events, clock const& time);
    void disconnect() noexcept;
    // Who tells sinks of changes; outlives what the engine does.
    void connect(feed::courier& sinks) noexcept { sinks_ = &sinks; }

    void on_pass_began(storage::tracker const& at) override;
    void on_request(storage::tracker const& at, unsigned status, std::chrono::nanoseconds took) override;
    // One event for all of a batch: what they ended in, and which bugs, where they are not too many.
    void on_settled(storage::tracker const& at, std::vector<storage::settled_bug> const& bugs) override;
    void on_pass_ended(storage::tracker const& at, storage::tracker_pass const& pass) override;

private:
    feed::courier* sinks_ = nullptr;
    serve::meters* counted_ = nullptr;
    serve::event_hub* events_ = nullptr;
    clock const* time_ = nullptr;
};

} // namespace checkwatches::app
