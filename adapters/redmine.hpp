#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Redmine and its forks with the same API. The address of a tracker is what stands before "issues/N".
std::unique_ptr<adapter const> make_redmine();

} // namespace checkwatches::adapters
