#include "storage/reader_impl.hpp"

#include <algorithm>
#include <map>

namespace checkwatches::storage {
namespace {

// Times of which only these are known.
struct time_spread {
    std::int64_t n = 0;
    std::optional<utc_time> latest{};
    double mean = 0; // milliseconds since 1970
    std::optional<utc_time> earliest{};
};

std::chrono::seconds age_at(utc_time now, utc_time then)
{
    return std::max(std::chrono::floor<std::chrono::seconds>(now - then), std::chrono::seconds{0});
}

age_spread ages_at(utc_time now, time_spread const& of)
{
    if (of.n == 0)
        return {};
    utc_time const mean{std::chrono::milliseconds{static_cast<std::int64_t>(of.mean)}};
    return {
        .n = of.n,
        .least = age_at(now, of.latest.value_or(now)),
        .mean = age_at(now, mean),
        .greatest = age_at(now, of.earliest.value_or(now))};
}

// Adds one time; `mean` holds the sum meanwhile.
void add(time_spread& to, utc_time when)
{
    ++to.n;
    to.latest = std::max(to.latest.value_or(when), when);
    to.earliest = std::min(to.earliest.value_or(when), when);
    to.mean += static_cast<double>(when.time_since_epoch().count());
}

} // namespace

std::vector<tracker_counts> reader::counts(utc_time now) const
{
    auto& i = *impl_;
    sqlite::transaction const one_state{i.db_, sqlite::transaction::purpose::read};
    std::map<tracker_id, time_spread> waits;
    {
        auto rows = start(i.waits_);
        while (rows.next()) {
            bug_id bug{};
            utc_time since{};
            take_all(rows, 0, bug, since);
            add(waits[tracker_of(bug)], since);
        }
    }
    std::vector<tracker_counts> out;
    auto rows = start(i.counts_, now, never);
    while (rows.next()) {
        tracker_counts c;
        time_spread checks;
        time_spread sights;
        take_all(
            rows,
            0,
            c.id,
            c.bugs,
            c.due,
            c.failing,
            c.never_checked,
            c.oldest_due,
            c.last_seen,
            checks.n,
            checks.latest,
            checks.mean,
            checks.earliest,
            sights.n,
            sights.latest,
            sights.mean,
            sights.earliest);
        c.since_check = ages_at(now, checks);
        c.since_seen = ages_at(now, sights);
        if (auto waiting = waits.find(c.id); waiting != waits.end()) {
            waiting->second.mean /= static_cast<double>(waiting->second.n);
            c.waits = ages_at(now, waiting->second);
        }
        out.push_back(c);
    }
    return out;
}

} // namespace checkwatches::storage
