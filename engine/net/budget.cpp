#include "engine/net/budget.hpp"

#include <algorithm>

namespace checkwatches::net {

namespace chrono = std::chrono;

chrono::steady_clock::duration budget::interval() const
{
    if (limits_.requests_per_second <= 0)
        return {};
    constexpr chrono::duration<double> longest = chrono::hours{24};
    auto const apart = std::min(chrono::duration<double>{1 / limits_.requests_per_second}, longest);
    return chrono::duration_cast<chrono::steady_clock::duration>(apart);
}

budget::time budget::opens(time now, std::size_t ahead) const
{
    auto const apart = interval();
    auto at = std::max(now, blocked_until_);
    if (last_)
        at = std::max(at, *last_ + apart);
    at += apart * static_cast<chrono::steady_clock::rep>(ahead);
    bool const used_up = quota_ && at < quota_->until && quota_->left <= ahead;
    return used_up ? quota_->until : at;
}

void budget::sent(time now)
{
    last_ = now;
    if (quota_ && now < quota_->until && quota_->left != 0)
        --quota_->left;
}

void budget::give_back(time now)
{
    if (quota_ && now < quota_->until)
        ++quota_->left;
}

std::optional<chrono::seconds> budget::deferral(time now, std::size_t ahead) const
{
    auto const wait = opens(now, ahead) - now;
    if (wait <= limits_.longest_wait)
        return std::nullopt;
    return chrono::ceil<chrono::seconds>(wait);
}

void budget::block(time until)
{
    blocked_until_ = std::max(blocked_until_, until);
}

} // namespace checkwatches::net
