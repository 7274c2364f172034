#pragma once

#include "adapters/bugzilla/protocol.hpp"

namespace checkwatches::adapters::bugzilla {

// Finds out how this Bugzilla is best asked: REST, XML-RPC from 3.4 on, XML, and what older ones have; then
// how it takes our credential, if we have one. As adapter::probe(); at most 18 requests, of which six tell
// that it is no Bugzilla.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::bugzilla
