#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Launchpad, and other instances of its software. A remote id is the path of one task
// ("ubuntu/+source/avahi/+bug/7001") or the number of a bug ("7001").
//
// Status and importance belong to a task, so the address that was given decides whose they are. A bare number
// names no task: then the bug's only task speaks; of several the one on an upstream project, if exactly one
// is; otherwise the first in Launchpad's own order.
std::unique_ptr<adapter const> make_launchpad();

} // namespace checkwatches::adapters
