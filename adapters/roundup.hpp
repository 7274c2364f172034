#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Roundup. The address of a tracker is what stands before "issueN".
std::unique_ptr<adapter const> make_roundup();

} // namespace checkwatches::adapters
