#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::gitea {

// Asks for the version, the API's settings and, with a credential, who we are. Gitea before 1.13 has no
// settings: then its list of issues, or its own words in the place of it, must prove it.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::gitea
