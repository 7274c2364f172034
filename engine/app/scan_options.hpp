#pragma once

#include "engine/core/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::app {

// How `scan` writes what it found.
enum class scan_format {
    watch_list, // as a file of watches (engine/intake/lists/watch_list.hpp): each bug once
    lines,      // "FILE:LINE: URL (relation, what says so)": each place
    objects,    // each bug once, with its first place, as one JSON object a line
};

struct scan_options {
    std::vector<std::string> paths{};
    std::string label{}; // empty: what each package is called
    std::string owner{};
    bool watch = false;
    scan_format format = scan_format::watch_list;
    bool json = false; // format is objects
    bool git = false;
    std::optional<utc_time> since{};
    std::size_t jobs = 0; // 0: as many as there are processors
};

} // namespace checkwatches::app
