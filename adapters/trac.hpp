#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Trac. The address of a tracker is what stands before "ticket/N".
std::unique_ptr<adapter const> make_trac();

} // namespace checkwatches::adapters
