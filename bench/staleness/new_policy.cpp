#include "bench/staleness/new_policy.hpp"

#include <algorithm>
#include <iterator>

namespace checkwatches::staleness {
namespace {

using std::chrono::seconds;

constexpr std::size_t requests_of_probe = 2;
constexpr moment probe_lasts = 7 * day;
constexpr std::size_t tries = 3;

struct watch {
    viewed bug;
    moment due{};
    moment ripe{};
};

utc_time as_utc(moment at)
{
    return utc_time{seconds{at}};
}

moment as_moment(utc_time at)
{
    return std::chrono::ceil<seconds>(at.time_since_epoch()).count();
}

class our_tracker {
public:
    our_tracker(site const& at, check::schedule_policy const& policy, world const& in)
        : site_(at),
          policy_(policy),
          tally_(in.end)
    {
        for (auto const& bug : at.bugs)
            watches_.push_back({.bug = viewed{bug}, .due = bug.watched_from, .ripe = bug.watched_from});
    }

    tally run(moment until)
    {
        for (;;) {
            auto const first = std::ranges::min_element(watches_, {}, &watch::due)->due;
            now_ = std::max(first, open_until_);
            if (now_ >= until)
                break;
            if (site_.is_down(now_))
                fail();
            else
                ask();
        }
        for (auto const& w : watches_)
            w.bug.leave(tally_);
        return std::move(tally_);
    }

private:
    void fail()
    {
        tally_.asked(now_, tries, 0);
        ++failures_;
        open_until_ = as_moment(check::next_check(
            policy_, {.how = outcome::connect_failed, .failures = failures_, .now = as_utc(now_)}));
    }

    void ask()
    {
        failures_ = 0;
        auto const taken = take();
        auto const changed = static_cast<std::size_t>(
            std::ranges::count_if(taken, [&](auto const* w) { return w->bug.has_news(now_); }));
        std::size_t requests = requests_for(site_, taken.size());
        if (now_ >= probed_until_) {
            requests += requests_of_probe;
            probed_until_ = now_ + probe_lasts;
        }
        tally_.asked(now_, requests, site_.how == manner::searched ? changed : taken.size());
        for (auto* w : taken)
            see(*w);
    }

    // What is due, then what goes along.
    std::vector<watch*> take()
    {
        std::vector<watch*> due;
        std::vector<watch*> later;
        for (auto& w : watches_)
            (w.due <= now_ ? due : later).push_back(&w);
        auto const room = requests_for(site_, due.size()) * bugs_in_request(site_) - due.size();
        std::ranges::sort(later, {}, &watch::due);
        later.resize(std::min(later.size(), room));
        std::ranges::copy_if(later, std::back_inserter(due), [&](auto const* w) { return w->ripe <= now_; });
        return due;
    }

    void see(watch& w)
    {
        w.bug.look(now_, tally_);
        check::schedule_input in{
            .state = w.bug.is_open() ? status::confirmed : status::fix_released,
            .how = outcome::seen,
            .bug = w.bug.id(),
            .now = as_utc(now_)};
        if (auto const changed = w.bug.changed_at())
            in.changed_at = as_utc(*changed);
        auto const due = check::next_check(policy_, in);
        w.due = as_moment(due);
        w.ripe = as_moment(check::ripe_at(policy_, in.now, due));
    }

    site const& site_;
    check::schedule_policy const& policy_;
    tally tally_;
    std::vector<watch> watches_;
    moment now_ = 0;
    moment open_until_ = 0;
    moment probed_until_ = 0;
    std::int64_t failures_ = 0;
};

} // namespace

tally simulate_new(site const& at, check::schedule_policy const& policy, world const& in)
{
    return our_tracker{at, policy, in}.run(in.end_of_look);
}

} // namespace checkwatches::staleness
