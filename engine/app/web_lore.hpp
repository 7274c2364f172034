#pragma once

#include "adapters/registry.hpp"
#include "engine/app/config.hpp"
#include "engine/serve/web/lore.hpp"

#include <memory>

namespace checkwatches::app {

// The lore of these kinds, which outlive it, by this configuration, of which it keeps what it needs. What
// words mean is the configuration's and what is stored.
std::shared_ptr<serve::lore const> make_lore(adapters::registry const& kinds, config const& conf);

} // namespace checkwatches::app
