#pragma once

#include "adapters/registry.hpp"
#include "engine/app/config.hpp"
#include "engine/check/meanings.hpp"
#include "storage/reader.hpp"

#include <functional>
#include <string>
#include <vector>

namespace checkwatches::app {

// What the configuration and the database say that words mean.
check::overrides meanings_now(storage::reader const& in, config const& conf);

// Calls `visit` for each bug that was ever seen, with what its stored words mean by now. Of the trackers of
// these names; all where there is none.
void each_meaning(
    storage::reader const& in,
    adapters::registry const& kinds,
    check::overrides const& says,
    std::vector<std::string> const& trackers,
    std::function<void(storage::shown_bug const&, verdict const&)> const& visit);

} // namespace checkwatches::app
