#include "bench/staleness/model.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace checkwatches::staleness {
namespace {

class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}

    // Between 0 and 1, both excluded.
    double unit() { return (static_cast<double>(engine_() >> 11U) + 0.5) / 9007199254740992.0; }
    bool chance(double p) { return unit() < p; }
    double exponential(double mean) { return -mean * std::log(unit()); }
    moment log_uniform(moment from, moment to)
    {
        auto const low = std::log(static_cast<double>(from));
        return static_cast<moment>(std::exp(low + unit() * (std::log(static_cast<double>(to)) - low)));
    }

private:
    std::mt19937_64 engine_;
};

// A bug's life from `born` to `end`.
std::vector<happening> live(dice& by, double activity, moment born, moment end)
{
    std::vector<happening> life;
    bool open = true;
    double age = 0;
    for (;;) {
        auto const rate = open ? activity : activity * law::resolved_rate;
        age = (age + law::new_until) * std::exp(by.exponential(1.0) / rate) - law::new_until;
        if (!(age < static_cast<double>(end - born)))
            return life;
        bool const turns = by.chance(open ? law::resolves : law::reopens);
        bool goes_on = true;
        while (goes_on) {
            goes_on = by.chance(law::goes_on);
            bool const after = turns && !goes_on ? !open : open;
            life.push_back({.at = born + static_cast<moment>(age), .was_open = open, .is_open = after});
            open = after;
            if (goes_on)
                age += by.exponential(by.chance(law::is_short) ? law::short_gap : law::long_gap);
        }
    }
}

manner manner_of(double share)
{
    if (share < 0.40)
        return manner::searched;
    if (share < 0.55)
        return manner::exported;
    return share < 0.80 ? manner::queried : manner::single;
}

std::vector<outage> fail(dice& by, moment end)
{
    std::vector<outage> all;
    auto at = static_cast<moment>(by.exponential(45.0 * day));
    while (at < end) {
        auto const over = at + by.log_uniform(hour, 3 * day);
        all.push_back({.from = at, .to = over});
        at = over + static_cast<moment>(by.exponential(45.0 * day));
    }
    return all;
}

// How many bugs the tracker of this rank has.
std::size_t size_of(std::size_t rank, world_size const& size)
{
    double sum = 0;
    for (std::size_t r = 1; r <= size.trackers; ++r)
        sum += 1.0 / static_cast<double>(r + 1);
    auto const share = 1.0 / static_cast<double>(rank + 1) / sum;
    return std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(size.bugs) + 0.5));
}

} // namespace

bool site::is_down(moment at) const
{
    auto const after = std::ranges::upper_bound(outages, at, {}, &outage::from);
    return after != outages.begin() && at < std::prev(after)->to;
}

std::size_t bugs_in_request(site const& at)
{
    return at.how == manner::single ? 1 : 100;
}

std::size_t requests_for(site const& at, std::size_t bugs)
{
    auto const most = bugs_in_request(at);
    return (bugs + most - 1) / most;
}

world make_world(world_size const& size)
{
    dice by{size.seed};
    world made{.end = size.months * 30 * day, .end_of_look = (size.months * 30 + 60) * day};
    std::vector<double> shares;
    for (std::size_t i = 0; i != size.trackers; ++i)
        shares.push_back((static_cast<double>(i) + 0.5) / static_cast<double>(size.trackers));
    for (auto i = shares.size(); i > 1; --i)
        std::swap(shares[i - 1], shares[static_cast<std::size_t>(by.unit() * static_cast<double>(i))]);

    for (std::size_t rank = 1; rank <= size.trackers; ++rank) {
        site one{.how = manner_of(shares[rank - 1])};
        for (std::size_t i = 1; i <= size_of(rank, size); ++i) {
            auto const id = static_cast<std::int64_t>((rank << 32U) | i);
            bool const joins = by.chance(size.joining);
            auto const from = joins ? static_cast<moment>(by.unit() * static_cast<double>(made.end)) : 0;
            auto const born = from - by.log_uniform(day, 3650 * day);
            auto const activity = by.exponential(1.0);
            one.bugs.push_back(
                {.id = id,
                 .activity = activity,
                 .born = born,
                 .watched_from = from,
                 .life = live(by, activity, born, made.end_of_look)});
        }
        one.outages = fail(by, made.end);
        made.sites.push_back(std::move(one));
    }
    return made;
}

} // namespace checkwatches::staleness
