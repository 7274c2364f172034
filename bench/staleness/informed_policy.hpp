#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

// What could be reached by somebody who knows the law of the world and each bug's q, but not the future. A
// request is made as soon as what the best bugs in it are worth reaches the price, in seconds of age that one
// request may save. The same price on all trackers shares out the requests so that none would save more
// elsewhere: it is the Lagrange multiplier of "the least sum of ages with so many requests".
//
// With constant rates r of the bugs in a request that is the optimum exactly: an interval T costs r T²/2 of
// age and a request, least where r T²/2 = price, hence intervals in proportion to 1/sqrt(sum of r) (Sia, Cho
// and Cho, Efficient Monitoring Algorithm for Fast News Alerts, IEEE TKDE 19, 2007). With rates that depend
// on what was found it is an index rule as Whittle's (Restless Bandits, J. Appl. Prob. 25A, 1988): no proof
// that nothing is better, but near it where bugs are many.
//
// It is given more than anybody has: a bug's state when it comes to be watched, free of charge, and the end
// of an outage. Looks are made at quarters of an hour. tally::expected_mean() is what the law says of these
// looks, to compare with what came.
tally simulate_informed(site const& at, double price, world const& in);

} // namespace checkwatches::staleness
