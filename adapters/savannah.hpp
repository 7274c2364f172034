#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// GNU Savannah and other sites of Savane. The address of a tracker is that of one kind of items, each with
// numbers of its own: https://HOST/bugs, or …/support, …/task, …/patch.
std::unique_ptr<adapter const> make_savannah();

} // namespace checkwatches::adapters
