#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters {

// Apache Allura (SourceForge). The address of a tracker is that of a tool of a project:
// https://HOST/p/PROJECT/MOUNT.
std::unique_ptr<adapter const> make_allura();

} // namespace checkwatches::adapters
