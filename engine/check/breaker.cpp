#include "engine/check/breaker.hpp"

#include <algorithm>

namespace checkwatches::check {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds most_announced = std::chrono::hours{24};
constexpr seconds unnamed_block = std::chrono::hours{1};

// How long it stays open: drawn from the upper part of the delay, so that the longest is never exceeded.
milliseconds open_for(breaker_settings const& by, outcome how, std::int64_t failures, double random01)
{
    // Time drawn by lot must not cut a block's hour short.
    milliseconds const least = how == outcome::rate_limited ? unnamed_block : seconds::zero();
    milliseconds delay = by.first_delay;
    for (auto i = static_cast<std::int64_t>(by.after); i < failures && delay < by.most_delay; ++i)
        delay *= 2;
    delay = std::min<milliseconds>(delay, by.most_delay);
    auto const share = by.jitter * std::clamp(random01, 0.0, 1.0);
    delay -= milliseconds{static_cast<milliseconds::rep>(static_cast<double>(delay.count()) * share)};
    return std::max(delay, least);
}

} // namespace

leave breaker::may_try(utc_time now)
{
    if (!is_open_)
        return leave::yes;
    if (probing_ || now < state_.open_until)
        return leave::no;
    probing_ = true;
    return leave::probe;
}

void breaker::succeeded()
{
    *this = {};
}

void breaker::failed(breaker_settings const& by, breaker_failure const& what)
{
    auto const announced = what.retry_after
                               ? std::optional{what.now + std::min(*what.retry_after, most_announced)}
                               : std::nullopt;
    if (is_open_ && !probing_) {
        if (announced && *announced > state_.open_until) {
            state_.open_until = *announced;
            state_.announced = true;
        }
        return;
    }
    probing_ = false;
    ++state_.failures;
    state_.failed_at = what.now;
    state_.how = what.how;
    state_.detail = what.detail;
    state_.announced = announced.has_value();
    bool const at_once = announced || what.how == outcome::rate_limited;
    is_open_ = is_open_ || at_once || state_.failures >= static_cast<std::int64_t>(by.after);
    if (announced)
        state_.open_until = *announced;
    else if (is_open_)
        state_.open_until = what.now + open_for(by, what.how, state_.failures, what.random01);
}

std::optional<utc_time> breaker::open_until() const
{
    return is_open_ ? std::optional{state_.open_until} : std::nullopt;
}

std::optional<storage::breaker_record> breaker::record(std::string scope) const
{
    if (!is_open_)
        return std::nullopt;
    auto out = state_;
    out.scope = std::move(scope);
    return out;
}

breaker breaker::restore(storage::breaker_record const& from, breaker_settings const& by, utc_time now)
{
    breaker out;
    out.is_open_ = true;
    out.state_ = from;
    out.state_.scope.clear();
    auto const longest = from.announced ? most_announced : by.most_delay;
    out.state_.open_until = std::min<utc_time>(from.open_until, now + longest);
    return out;
}

bool counts_for_host(outcome how) noexcept
{
    switch (how) {
    case outcome::connect_failed:
    case outcome::tls_failed:
    case outcome::timeout:
    case outcome::rate_limited:
    case outcome::bot_wall: return true;
    default: return false;
    }
}

} // namespace checkwatches::check
