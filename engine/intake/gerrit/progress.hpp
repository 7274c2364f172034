#pragma once

#include "engine/core/error.hpp"
#include "storage/recheck_records.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace checkwatches::intake::gerrit {

// What one reading of a source came to.
struct reading {
    utc_time asked_at{};              // when it began
    std::optional<error> trouble{};   // it ended early, and something may be missing
    bool is_cut = false;              // there was more than is read at once: only the newest came
    std::optional<utc_time> newest{}; // of the changes that came, by when they were changed last
    std::optional<utc_time> oldest{};
    std::size_t pages = 0;
    std::size_t rows = 0; // changes
    std::size_t unreadable = 0;
    std::size_t fresh = 0; // rechecks that were not known
};

// How the source fares after a reading, and what that means for its gaps.
struct progress {
    storage::recheck_source after{};
    std::optional<storage::recheck_gap> begins{}; // unless one goes on
    std::optional<utc_time> ends{};               // the gap that goes on, filled by what was read now
    std::optional<storage::recheck_gap> unread{}; // a gap that cannot be filled any more
};

// Judges a reading of a query that reaches back by `horizon` (nothing: to the beginning). A reading that
// failed moves no mark: what it missed is asked for again, and until then is a gap from the last time that
// all was read. A reading that succeeded fills it, but for what lies further back than it reached. Pure.
progress
judge(storage::recheck_source before, reading const& done, std::optional<std::chrono::seconds> horizon);

} // namespace checkwatches::intake::gerrit
