#pragma once

#include "adapters/adapter.hpp"

#include <memory>

namespace checkwatches::adapters {

// Phabricator and Phorge: the tasks of Maniphest.
std::unique_ptr<adapter const> make_phorge();

} // namespace checkwatches::adapters
