#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

struct informed {
    tally found;
    double expected = 0; // the sum of the ages as it was expected, to compare with what came
};

// What could be reached by somebody who knows the law of the world and each bug's q, but not the future: the
// optimum that can be computed. A request is made as soon as what the best bugs in it are worth reaches the
// price, in seconds of age that one request may save; the same price on all trackers shares out the requests
// so that none would save more elsewhere (a Lagrange multiplier). With bugs of constant rates r that is the
// optimum exactly: an interval of sqrt(2 price / sum of r), and of Cho and Garcia-Molina's square roots
// (Effective Page Refresh Policies for Web Crawlers, ACM TODS 28, 2003: the age, under Poisson changes). With
// rates that depend on what was found it is Whittle's index rule (Restless Bandits, J. Appl. Prob. 25A,
// 1988), which is near the optimum where bugs are many.
//
// It is given more than anybody has: a bug's state when it comes to be watched, free of charge, and when an
// outage ends. Looks are made at quarters of an hour.
informed simulate_informed(site const& at, double price, world const& in);

} // namespace checkwatches::staleness
