#include "bench/staleness/hourly_policy.hpp"

#include <algorithm>

namespace checkwatches::staleness {

tally simulate_hourly(site const& at, world const& in)
{
    tally out{in.end};
    std::vector<viewed> bugs;
    for (auto const& bug : at.bugs)
        bugs.emplace_back(bug);
    std::ranges::sort(bugs, {}, &viewed::watched_from);
    std::size_t watched = 0;
    for (moment now = 0; now < in.end_of_look; now += hour) {
        while (watched != bugs.size() && bugs[watched].watched_from() <= now)
            ++watched;
        bool const is_down = at.is_down(now);
        out.asked(now, is_down && watched != 0 ? 1 : requests_for(at, watched), is_down ? 0 : watched);
        for (std::size_t i = 0; i != watched && !is_down; ++i)
            bugs[i].look(now, out);
    }
    for (auto const& bug : bugs)
        bug.leave(out);
    return out;
}

} // namespace checkwatches::staleness
