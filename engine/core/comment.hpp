#pragma once

#include "engine/core/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace checkwatches {

// What somebody wrote about a bug in its tracker.
struct comment {
    std::string remote_id{};      // the tracker's own name of it, one of a kind within the bug
    std::string author{};         // as the tracker shows it; empty where it is hidden
    std::optional<utc_time> at{}; // when it was written
    std::string text{};           // as it was written (markup stays); valid UTF-8

    bool operator==(comment const&) const = default;
};

// The oldest first, those of no time before all; of the same time by their ids, as numbers are ordered.
void sort_by_time(std::vector<comment>& all);

} // namespace checkwatches
