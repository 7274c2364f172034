#include "bench/staleness/clairvoyant.hpp"

#include <algorithm>
#include <limits>

namespace checkwatches::staleness {
namespace {

struct change {
    happening const* what;
    moment seen_first; // when it can be seen: at once, or after the outage
};

moment end_of_outage(site const& at, moment when)
{
    auto const after = std::ranges::upper_bound(at.outages, when, {}, &outage::from);
    return after == at.outages.begin() ? when : std::max(when, std::prev(after)->to);
}

void add_changes(site const& at, subject const& bug, world const& in, std::vector<change>& into)
{
    for (auto const& h : bug.life)
        if (h.at >= bug.watched_from && h.at < in.end)
            into.push_back({.what = &h, .seen_first = end_of_outage(at, h.at)});
}

// Each of them is found with the first request at or after it: the last of a run of changes is when it is
// made.
void find_all(std::vector<change>& all, double price, tally& into)
{
    std::ranges::sort(all, {}, &change::seen_first);
    auto const n = all.size();
    // Of the first so many: what they cost at least, and where their last run begins.
    std::vector<double> least(n + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> begin(n + 1);
    least[0] = 0;
    for (std::size_t last = 0; last != n; ++last) {
        double waits = 0;
        for (auto first = last + 1; first-- != 0;) {
            auto const wait = static_cast<double>(all[last].seen_first - all[first].seen_first);
            if (wait > price) // a request of its own is cheaper
                break;
            waits += wait;
            if (auto const cost = least[first] + waits + price; cost < least[last + 1]) {
                least[last + 1] = cost;
                begin[last + 1] = first;
            }
        }
    }
    for (auto end = n; end != 0; end = begin[end]) {
        auto const at = all[end - 1].seen_first;
        into.asked(all[end - 1].what->at, 1, end - begin[end]);
        for (auto i = begin[end]; i != end; ++i)
            into.found(*all[i].what, at);
    }
}

} // namespace

tally foresee(site const& at, double price, world const& in)
{
    tally out{in.end};
    std::vector<change> changes;
    for (auto const& bug : at.bugs) {
        add_changes(at, bug, in, changes);
        if (at.how == manner::single) {
            find_all(changes, price, out);
            changes.clear();
        }
    }
    find_all(changes, price, out);
    return out;
}

} // namespace checkwatches::staleness
