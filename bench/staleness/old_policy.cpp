#include "bench/staleness/old_policy.hpp"

#include <algorithm>
#include <bitset>
#include <numeric>
#include <optional>

namespace checkwatches::staleness {
namespace {

constexpr std::size_t most_taken = 1'000;
constexpr moment every_run = 10 * minute;
constexpr moment interval = day;
constexpr moment for_each_failure = 6 * day / 5;
constexpr moment margin = 11 * minute; // for clocks that differ

struct watch {
    viewed bug;
    moment due{};
    std::optional<moment> checked{};
    std::bitset<5> failed{}; // the last five recorded checks

    // `recorded`: a check that leaves a row, as "unmodified" does not.
    void settle(moment at, bool recorded, bool failure)
    {
        if (recorded)
            failed = failed << 1U | std::bitset<5>{failure ? 1U : 0U};
        checked = at;
        due = at + interval + static_cast<moment>(failed.count()) * for_each_failure;
    }
};

class old_tracker {
public:
    old_tracker(site const& at, asking how, world const& in) : site_(at), how_(how), tally_(in.end)
    {
        for (auto const& bug : at.bugs)
            watches_.push_back({.bug = viewed{bug}, .due = bug.watched_from});
        most_asked_ = std::max<std::size_t>(100, watches_.size() / 50);
    }

    tally run(moment until)
    {
        for (;;) {
            auto const first = std::ranges::min_element(watches_, {}, &watch::due)->due;
            auto const at = (first + every_run - 1) / every_run * every_run;
            // A run takes what is due when it starts; what it leaves is for the next.
            now_ = std::max(at, now_ + every_run);
            if (now_ >= until)
                break;
            std::vector<watch*> taken;
            for (auto& w : watches_)
                if (w.due <= now_ && taken.size() < most_taken)
                    taken.push_back(&w);
            ask(taken);
        }
        for (auto const& w : watches_)
            w.bug.leave(tally_);
        return std::move(tally_);
    }

private:
    void ask(std::vector<watch*> const& taken)
    {
        if (site_.is_down(now_)) {
            // Probes that fail count as "an older version", until the first request that must not fail.
            auto const probes = site_.how == manner::single ? 0U : site_.how == manner::queried ? 1U : 2U;
            tally_.asked(now_, probes + 1, 0);
            for (auto* w : taken)
                w->settle(now_, true, true);
            return;
        }
        if (site_.how == manner::searched && how_ == asking::batched)
            return ask_what_changed(taken);
        auto const size = std::min(taken.size(), most_asked_);
        tally_.asked(now_, requests_for(size), size);
        for (std::size_t i = 0; i != size; ++i)
            see(*taken[i]);
    }

    std::size_t requests_for(std::size_t ids) const
    {
        bool const one_by_one = how_ == asking::singly;
        switch (site_.how) {
        case manner::searched: return 3 + ids;                    // two probes, the clock
        case manner::exported: return 3 + (one_by_one ? ids : 1); // two probes, the version
        case manner::queried:
            // A probe; below ten ids it first finds out, by two more, whether single exports work.
            return 1 + (one_by_one || ids < 10 ? 2 + ids : 1);
        case manner::single: break;
        }
        return ids;
    }

    void ask_what_changed(std::vector<watch*> const& taken)
    {
        std::vector<watch*> fresh;
        std::vector<watch*> old;
        for (auto* w : taken)
            (w->checked ? old : fresh).push_back(w);
        std::size_t searches = 0;
        auto const changed = find_changed(old, searches);

        auto chosen = fresh;
        chosen.insert(chosen.end(), changed.begin(), changed.end());
        chosen.resize(std::min(chosen.size(), most_asked_));
        // The fetch is made even where the searches brought all that it would ask for.
        tally_.asked(now_, 4 + searches, fresh.size() + changed.size());
        for (auto* w : chosen)
            see(*w);
        for (auto* w : old)
            if (std::ranges::find(changed, w) == changed.end())
                w->settle(now_, false, false);
    }

    std::vector<watch*> find_changed(std::vector<watch*> const& old, std::size_t& searches)
    {
        auto const oldest = std::accumulate(
            old.begin(), old.end(), now_, [](moment m, auto const* w) { return std::min(m, *w->checked); });
        std::vector<watch*> changed;
        for (std::size_t i = 0; i < old.size() && changed.size() < most_asked_; i += most_asked_) {
            ++searches;
            for (auto j = i; j < std::min(old.size(), i + most_asked_); ++j) {
                if (old[j]->bug.changed_since(oldest - margin, now_))
                    changed.push_back(old[j]);
            }
        }
        return changed;
    }

    void see(watch& w)
    {
        w.bug.look(now_, tally_);
        w.settle(now_, true, false);
    }

    site const& site_;
    asking how_;
    tally tally_;
    std::vector<watch> watches_;
    std::size_t most_asked_ = 0;
    moment now_ = -every_run;
};

} // namespace

tally simulate_old(site const& at, asking how, world const& in)
{
    return old_tracker{at, how, in}.run(in.end_of_look);
}

} // namespace checkwatches::staleness
