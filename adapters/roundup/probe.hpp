#pragma once

#include "adapters/adapter.hpp"

namespace checkwatches::adapters::roundup {

// Finds out how the tracker is asked and which fields its issues have, in at most eight requests: its REST
// API, whose first issue names its fields; then the export, with one set of columns after the other. An
// error: unsupported where nothing of Roundup was seen, auth_failed where it does not let us in, otherwise
// what prevented an answer.
awaitable<result<capabilities>> probe(remote& at);

} // namespace checkwatches::adapters::roundup
