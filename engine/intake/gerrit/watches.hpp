#pragma once

#include "engine/intake/gerrit/source.hpp"
#include "engine/intake/take_in.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::intake::gerrit {

// What became of the watches of a source.
struct watches_report {
    std::size_t added = 0;
    std::size_t dropped = 0;
    std::vector<storage::bug_id>
        touched{};                       // bugs that were known and are watched, or not watched, from now on
    std::vector<std::string> refusals{}; // "https://…: why it cannot be watched"
};

// Makes the watches of a source those of the bugs that were rechecked lately: those that are missing are
// taken in together, and those that nobody rechecked for the source's time go. Times that could not be read
// do not count for that: nothing is known of them. Trackers that are not known yet are asked what they are.
awaitable<result<watches_report>> renew_watches(
    take_in_parts with,
    source of,
    utc_time now,
    std::vector<credential> credentials,
    std::chrono::seconds capabilities_last);

// The watches of a source that is not configured any more go, and what is kept of it.
awaitable<result<watches_report>> forget_source(take_in_parts with, storage::recheck_source of);

} // namespace checkwatches::intake::gerrit
