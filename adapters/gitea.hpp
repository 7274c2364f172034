#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Gitea and Forgejo. The address of a tracker is that of a repository; its issues and pull requests share one
// sequence of numbers.
std::unique_ptr<adapter const> make_gitea();

} // namespace checkwatches::adapters
