#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

std::unique_ptr<adapter const> make_trac();

} // namespace checkwatches::adapters
