#pragma once

#include "tests/soak/town.hpp"

#include <map>
#include <random>
#include <string>
#include <vector>

namespace checkwatches::soak {

// What happens to the trackers of a town, hour by hour, by a seed.
class seasons {
public:
    seasons(town& in, std::uint64_t seed) : town_{in}, dice_{seed} {}

    // One hour's changes: at each tracker one bug changes about every nine hours, and once it moved it often
    // moves again within the hours that follow.
    void change();
    // One hour's faults: about every twelve days a tracker begins to fail in one of the ways below, for one
    // hour to two days.
    void fail();
    // Ends every fault.
    void mend();

    // For how long in all a tracker was out of order between two times, and the longest back-off after each.
    clock::duration time_lost(std::string const& tracker, utc_time from, utc_time to) const;

private:
    struct trouble {
        utc_time from{};
        utc_time to{};
    };
    bool chance(double p) { return std::uniform_real_distribution{}(dice_) < p; }

    town& town_;
    std::mt19937_64 dice_;
    std::map<std::string, std::vector<int>> restless_; // bugs that moved lately
    std::map<std::string, std::vector<trouble>> troubles_;
};

} // namespace checkwatches::soak
