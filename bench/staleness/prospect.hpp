#pragma once

#include "bench/staleness/tally.hpp"

namespace checkwatches::staleness {

// What somebody who knows the law of the world, and this bug's q, expects of it since the last look: what
// follows from what the looks showed. (That a bug turns twice between two looks is left out.)
class prospect {
public:
    // After a look at `now`.
    prospect(subject const& bug, viewed const& seen, moment now);
    void advance(double seconds);

    double changes() const { return changes_; } // expected since the look
    double waited() const { return waited_; }   // the expected sum of their ages
    // What a look is worth: the price at which waiting any longer costs as much as it saves where each
    // interval is like this one. For a constant rate that is waited(); where changes come early in the
    // interval, more.
    double worth() const { return elapsed_ * changes_ - waited_; }

private:
    double rate_;        // of sessions, times the age, in the status that was seen
    double turned_rate_; // … in the other one
    double turns_;       // the share of the sessions that turn it
    double age_;         // + law::new_until
    double elapsed_ = 0;
    // That a session goes on, and its next change comes after the short or the long gap.
    double in_short_ = 0;
    double in_long_ = 0;
    double is_turned_ = 0; // at rest, in the other status
    double changes_ = 0;
    double waited_ = 0;
};

} // namespace checkwatches::staleness
