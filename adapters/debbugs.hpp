#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Debbugs, the tracker of Debian and GNU.
std::unique_ptr<adapter const> make_debbugs();

} // namespace checkwatches::adapters
