#pragma once

#include "storage/reader.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// Everything that the database tells of one sink.
struct sink_view {
    static constexpr std::int64_t most_parked = 1'000;

    storage::sink_record stands{};
    bool is_configured = true;                   // false: it is not told any more
    std::int64_t behind = 0;                     // changes that it has not confirmed yet
    std::optional<utc_time> oldest{};            // when the first of those was recorded
    std::vector<storage::parked_event> parked{}; // at most `most_parked`
    std::int64_t parked_count = 0;               // of all

    bool is_failing() const noexcept { return is_configured && stands.failing_since.has_value(); }
};

using is_configured_sink = std::function<bool(std::string const& name)>;

// All that were ever told of changes, by name.
std::vector<sink_view> sinks_of(storage::reader const& in, is_configured_sink const& is_configured);

} // namespace checkwatches::serve
