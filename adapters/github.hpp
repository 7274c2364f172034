#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// GitHub: github.com, GitHub Enterprise Server and *.ghe.com. A tracker is one project, and its address
// https://HOST/OWNER/NAME; issues and pull requests share the numbers.
std::unique_ptr<adapter const> make_github();

} // namespace checkwatches::adapters
