#pragma once

#include "bench/staleness/tally.hpp"
#include "engine/check/policy.hpp"

namespace checkwatches::staleness {

// This engine. check::next_check() says when each bug is due. A tracker's first due bug wakes it; asked for
// is all that is due, and in the room that the last batch has left what is ripe (check::ripe_at()), the
// ripest first. Where a tracker can be searched, it is asked what changed of a batch, and the answer brings
// the records of those. A tracker that fails is left alone for the policy's delay, doubled with each failure
// in a row, and every failure is counted as three requests, since what can pass is tried again.
tally simulate_new(site const& at, check::schedule_policy const& policy, world const& in);

} // namespace checkwatches::staleness
