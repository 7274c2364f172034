#pragma once

#include "adapters/registry.hpp"
#include "engine/app/commands.hpp"
#include "engine/intake/adopt/adopted.hpp"
#include "storage/reader.hpp"

namespace checkwatches::app {

// Prints where what somebody else's list says of its bugs differs from what is stored here: as a table with a
// line of counts below it, or as JSON. Nothing is changed. some_failed where there is a difference, or an
// entry that cannot be read.
//
// Only we watch a bug where the list does not name it, and a watch of ours came from it, or has one of its
// labels.
exit_code run_shadow(
    storage::reader const& in,
    config const& conf,
    adapters::registry const& kinds,
    import_options const& options,
    intake::adopted const& list);

} // namespace checkwatches::app
