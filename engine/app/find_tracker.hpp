#pragma once

#include "storage/reader.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// The tracker of this name; an error of kind usage: there is none (it says how to see which there are).
result<storage::tracker> find_tracker_named(storage::reader const& in, std::string const& name);
// The same error where one of these is not there.
result<void> check_names(storage::reader const& in, std::vector<std::string> const& names);

} // namespace checkwatches::app
