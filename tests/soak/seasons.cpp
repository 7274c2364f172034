#include "tests/soak/seasons.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::soak {
namespace {

using mock::fault;
using std::chrono::hours;

// Those that the whole tracker has: no bug is to blame. None is silence, which is given up by real time.
constexpr std::array faults{
    fault::refuse,
    fault::reset,
    fault::reset_mid_body,
    fault::truncate,
    fault::close_idle,
    fault::garbage,
    fault::login_page,
    fault::bot_page,
    fault::maintenance_page,
    fault::huge_length,
    fault::status_500,
    fault::status_502,
    fault::status_503_bare,
};

// A tracker that failed for long is tried again after at most so much: the policy's six hours and its jitter.
constexpr clock::duration longest_back_off = std::chrono::minutes{400};

} // namespace

void seasons::change()
{
    auto const now = std::chrono::floor<std::chrono::seconds>(town_.true_time().time_since_epoch()).count();
    for (auto const& at : town_.places()) {
        auto& restless = restless_[at.name];
        town_.farm().call([&](mock::farm& all) {
            auto& bugs = all.find(at.name)->bugs();
            std::size_t const fresh = chance(0.11) ? 1 : 0;
            for (auto const id : bugs.step(fresh, now))
                restless.push_back(id);
            // Any open status will do: the mock's own steps choose it.
            std::erase_if(restless, [&](int id) {
                if (!chance(0.2))
                    return false;
                auto const& words = bugs.words().statuses;
                auto const& next = words[dice_() % words.size()];
                std::string const resolution{next.resolved ? bugs.words().resolutions.front() : ""};
                bugs.change(id, {.status = std::string{next.word}, .resolution = resolution}, now);
                return chance(0.5);
            });
        });
    }
}

void seasons::fail()
{
    auto const now = town_.time().now();
    for (auto const& at : town_.places()) {
        auto& all = troubles_[at.name];
        if (!all.empty() && all.back().to > now)
            continue;
        if (!all.empty() && all.back().to > now - hours{1})
            town_.farm().set_fault(at.name, {});
        if (!chance(1.0 / (12 * 24)))
            continue;
        auto const lasts = hours{1 + dice_() % 48};
        all.push_back({.from = now, .to = now + lasts});
        town_.farm().set_fault(at.name, {.what = faults[dice_() % faults.size()]});
    }
}

void seasons::mend()
{
    auto const now = town_.time().now();
    for (auto const& at : town_.places()) {
        town_.farm().set_fault(at.name, {});
        for (auto& one : troubles_[at.name])
            one.to = std::min(one.to, now);
    }
}

clock::duration seasons::time_lost(std::string const& tracker, utc_time from, utc_time to) const
{
    clock::duration lost{};
    if (auto const all = troubles_.find(tracker); all != troubles_.end())
        for (auto const& one : all->second)
            if (one.from <= to && one.to + longest_back_off >= from)
                lost += std::min(one.to + longest_back_off, to) - std::max(one.from, from);
    return lost;
}

} // namespace checkwatches::soak
