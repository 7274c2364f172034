#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Jira, Server and Data Center as well as Cloud. The address of a tracker is what stands before
// "browse/KEY-N"; a remote id is the key, "KEY-N".
std::unique_ptr<adapter const> make_jira();

} // namespace checkwatches::adapters
