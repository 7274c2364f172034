#pragma once

#include "adapters/adapter.hpp"

#include <memory>

namespace checkwatches::adapters {

// MantisBT from 1.0 to 2.x.
std::unique_ptr<adapter const> make_mantis();

} // namespace checkwatches::adapters
