#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::pagure {

// Asks for the version, the project and, with a token, who we are. A project that is missing proves it too,
// by Pagure's own code.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::pagure
