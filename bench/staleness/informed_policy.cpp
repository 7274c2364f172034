#include "bench/staleness/informed_policy.hpp"

#include "bench/staleness/prospect.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

namespace checkwatches::staleness {
namespace {

constexpr moment step = 15 * minute;

struct watch {
    subject const* bug;
    viewed seen;
    prospect since;
    double worth = 0;
};

class informed_tracker {
public:
    informed_tracker(site const& at, double price, world const& in)
        : site_(at),
          price_(price),
          most_(bugs_in_request(at)),
          out_(in.end)
    {
        for (auto const& bug : at.bugs)
            coming_.push_back(&bug);
        std::ranges::sort(coming_, std::ranges::greater{}, &subject::watched_from);
    }

    tally run(moment until)
    {
        for (now_ = 0; now_ < until; now_ += step) {
            advance();
            if (site_.is_down(now_))
                continue;
            if (most_ == 1)
                ask_singly();
            else
                ask_in_batches();
        }
        for (auto const& w : watches_)
            w.seen.leave(out_);
        return std::move(out_);
    }

private:
    void advance()
    {
        for (auto& w : watches_) {
            w.since.advance(step);
            w.worth = w.since.worth();
        }
        for (; !coming_.empty() && coming_.back()->watched_from <= now_; coming_.pop_back()) {
            auto const& bug = *coming_.back();
            viewed seen{bug};
            seen.look(now_, out_);
            watches_.push_back({.bug = &bug, .seen = seen, .since{bug, seen, now_}});
        }
    }

    void ask_singly()
    {
        for (auto& w : watches_)
            if (w.worth >= price_)
                ask({&w, 1});
    }

    void ask_in_batches()
    {
        auto const size = std::min(most_, watches_.size());
        // The sum of all is quicker to tell than that of the best.
        while (worth_of(watches_) >= price_) {
            std::ranges::nth_element(
                watches_,
                watches_.begin() + static_cast<std::ptrdiff_t>(size - 1),
                std::ranges::greater{},
                &watch::worth);
            auto const best = std::span{watches_}.first(size);
            if (worth_of(best) < price_)
                return;
            ask(best);
        }
    }

    static double worth_of(std::span<watch const> some)
    {
        return std::transform_reduce(
            some.begin(), some.end(), 0.0, std::plus{}, [](watch const& w) { return w.worth; });
    }

    void ask(std::span<watch> asked)
    {
        out_.asked(now_, 1, asked.size());
        for (auto& w : asked) {
            out_.expected(now_, w.since.changes(), w.since.waited());
            w.seen.look(now_, out_);
            w.since = prospect{*w.bug, w.seen, now_};
            w.worth = 0;
        }
    }

    site const& site_;
    double price_;
    std::size_t most_;
    std::vector<subject const*> coming_; // whom nobody watches yet, the next one last
    std::vector<watch> watches_;
    moment now_ = 0;
    tally out_;
};

} // namespace

tally simulate_informed(site const& at, double price, world const& in)
{
    return informed_tracker{at, price, in}.run(in.end_of_look);
}

} // namespace checkwatches::staleness
