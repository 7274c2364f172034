#pragma once

#include "engine/intake/intake.hpp"
#include "storage/background_reader.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace checkwatches::intake {

// What watches are taken in with beside a running engine; all of it outlives the call. It writes as `add`
// does from a process of its own, over a connection of its own, on the thread of `from`, which may wait for
// the database there.
struct take_in_parts {
    std::string database{}; // its path
    storage::background_reader& from;
    net::client& over;
    adapters::registry const& kinds;
};

// Takes one watch in; a tracker that is not known yet is asked what it is, and becomes one that is. Errors as
// for intake::add, or of kind storage.
awaitable<result<added_watch>> take_in(
    take_in_parts with,
    wanted_watch want,
    std::string only_kind,
    std::vector<credential> credentials,
    std::chrono::seconds capabilities_last);

} // namespace checkwatches::intake
