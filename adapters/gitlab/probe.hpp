#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::gitlab {

// Looks for the API above the project's address, the host's root first; proves it by the project itself,
// which names its own path, and learns what GraphQL adds there.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::gitlab
