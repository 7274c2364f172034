#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::github {

// Asks for rate_limit on github.com, which costs nothing, and for meta elsewhere; and with a token by GraphQL
// who we are. Whether there is such a project is not asked: that is for its issues to tell.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::github
