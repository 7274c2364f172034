#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

std::unique_ptr<adapter const> make_bugzilla();

} // namespace checkwatches::adapters
