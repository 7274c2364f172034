#pragma once

#include "adapters/adapter.hpp"

#include <memory>

namespace checkwatches::adapters {

// GitLab: the issues (and incidents, tasks and other work items) of one project. Its base names the project:
// https://host/group/project, on a host's root or below a path.
std::unique_ptr<adapter const> make_gitlab();

} // namespace checkwatches::adapters
