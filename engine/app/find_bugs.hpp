#pragma once

#include "adapters/registry.hpp"
#include "engine/intake/recognise.hpp"
#include "storage/reader.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// The bugs that these URLs name in the database. An error of kind usage names the first that is not watched.
result<std::vector<storage::bug_id>>
find_bugs(storage::reader const& in, adapters::registry const& kinds, std::vector<std::string> const& urls);

} // namespace checkwatches::app
