#pragma once

#include "engine/serve/web/census.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// How the engine fares at one moment: what /metrics and /readyz are answered from.
struct meter_snapshot {
    utc_time now{};
    std::string version{};
    utc_time started_at{};

    std::size_t bugs = 0;
    std::size_t due = 0;
    std::optional<utc_time> oldest_due{}; // since when the bug that waits longest is due
    std::size_t in_flight = 0;
    std::size_t deferred = 0;
    std::size_t trackers = 0;
    std::size_t active_trackers = 0;
    std::size_t breakers_open = 0;
    bool offline = false;

    std::size_t writer_pending = 0;
    std::optional<utc_time> writer_stuck_since{};
    std::string writer_trouble{}; // why it is stuck
    std::optional<utc_time> committed_at{};

    std::shared_ptr<census::count const> counted{}; // null before the first count

    std::vector<sink_view> sinks{}; // that are told of changes, as they were counted

    std::size_t event_streams = 0;
    std::size_t descriptors = 0;
    std::size_t most_descriptors = 0;
    std::uint64_t resident_bytes = 0;
};

} // namespace checkwatches::serve
