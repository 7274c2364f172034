#pragma once

#include "adapters/adapter.hpp"
#include "storage/records.hpp"

#include <cstddef>
#include <vector>

namespace checkwatches::check {

struct shrink_limits {
    std::size_t fewest = 5; // so many known bugs must be missing, and none seen, to be an alarm; 0: never
    std::size_t most_held = 20'000; // with so many held a run should not go on
};

// Bugs, each where it is to be settled, and what was found of them: what settle() takes.
struct looked {
    std::vector<storage::settled_bug> bugs{};
    adapters::findings found{};
};

// Watches one run at one tracker. That a bug is missing is believed only once the tracker has shown that it
// still knows one of those that it knew: what looks like thousands of deleted bugs is most likely an emptied
// database, a wrong address or a login that is gone. Until then the finding that a known bug is not there
// (not_found, gone, forbidden, not_answered) is held back.
//
// Known is a bug that was seen, and not found missing at the last check: one that is missing for long proves
// nothing.
class shrink_guard {
public:
    explicit shrink_guard(shrink_limits const& limits = {}) : limits_{limits} {}

    // What can be settled now: the look without those of its bugs that are held back; or, as soon as a known
    // bug was seen, the look with all that was held. A bug lost to the look's trouble is passed on at once.
    looked pass(looked look);

    // At the run's end, however it ended: all that is held, as it was found; or, where it is an alarm, lost
    // to trouble of kind shrunk.
    looked close();

    // A known bug was seen.
    bool trusts() const noexcept { return trusted_; }
    std::size_t held() const noexcept { return held_.bugs.size(); }
    // So many are held, and nothing speaks for the tracker: the run had better end.
    bool is_full() const noexcept { return !trusted_ && held_.bugs.size() >= limits_.most_held; }

private:
    shrink_limits limits_;
    looked held_;          // known bugs that are missing
    bool trusted_ = false; // a known bug was seen
};

} // namespace checkwatches::check
