#pragma once

#include "adapters/adapter.hpp"

#include <string>
#include <vector>

namespace checkwatches::adapters::launchpad {

// As adapter::read_comments(): the messages of a bug, or of a task's bug. A message's id is its place among
// them, the report's is "0".
awaitable<result<std::vector<comment>>>
read_messages(remote& at, std::string const& id, std::optional<utc_time> since);

} // namespace checkwatches::adapters::launchpad
