#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/batching.hpp"
#include "engine/remote/look_remote.hpp"
#include "storage/background_reader.hpp"

#include <string>
#include <vector>

namespace checkwatches::check {

// The stored validators that may go into one look at these bugs of a tracker (usable_validators): so many of
// its questions are answered "nothing changed" where nothing did. An error of kind storage.
awaitable<result<std::vector<validator>>> known_validators(
    storage::background_reader& from,
    adapters::adapter const& kind,
    adapters::remote const& at,
    capabilities const& can,
    storage::tracker_id of,
    bug_rows bugs);

} // namespace checkwatches::check
