#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

// Launchpad's checkwatches, as its public source has it.
//
// A watch is due 24 h after its last check, and 1.2 d later for each failure among its last five recorded
// checks. Every 10 minutes each tracker's due watches, at most 1,000, are taken: after the probes that
// each run begins with, at most max(100, 2 %) of them are asked for. A failing tracker fails all that were
// taken. Where the tracker has a clock and can search (Bugzilla since 3.4), the old ones are first asked
// "changed since the oldest check?" in slices, until a batch of changed ones is found; whoever is not among
// them is marked as checked, also where no slice asked for it.
enum class asking {
    singly,  // each id with a request of its own
    batched, // each kind of tracker as it can best
};
tally simulate_old(site const& at, asking how, world const& in);

} // namespace checkwatches::staleness
