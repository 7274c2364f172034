#include "engine/check/desk.hpp"

#include <algorithm>

namespace checkwatches::check {
namespace {

std::optional<utc_time> later(std::optional<utc_time> a, std::optional<utc_time> b, utc_time now)
{
    auto const latest = std::max(a.value_or(now), b.value_or(now));
    return latest > now ? std::optional{latest} : std::nullopt;
}

// Only where the other side wants no requests: it named the time, or asking again would begin it anew.
std::optional<utc_time> named(breaker const& b)
{
    auto const stored = b.record({});
    bool const is_wanted = stored && (stored->announced || stored->how == outcome::rate_limited);
    return is_wanted ? std::optional{stored->open_until} : std::nullopt;
}

} // namespace

void desk::put_back_wanted()
{
    for (auto const& e : wanted)
        due.add(e);
    wanted.clear();
}

void desk::put_back_in_hand()
{
    for (auto const& [number, at] : in_hand)
        due.add({.due = at, .number = number});
    in_hand.clear();
}

std::optional<utc_time> desk::closed_until(utc_time now) const
{
    return later(later(guard.open_until(), host->guard.open_until(), now), held_until, now);
}

std::optional<utc_time> desk::forbidden_until(utc_time now) const
{
    return later(named(guard), named(host->guard), now);
}

} // namespace checkwatches::check
