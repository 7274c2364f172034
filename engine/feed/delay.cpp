#include "engine/feed/delay.hpp"

#include <algorithm>

namespace checkwatches::feed {

clock::duration delay_after(std::int64_t tries, clock::duration first, clock::duration most, double random01)
{
    auto whole = first;
    for (std::int64_t i = 1; i < tries && whole < most; ++i)
        whole *= 2;
    auto const bound = static_cast<double>(std::min(whole, most).count());
    auto const part = 0.5 + std::clamp(random01, 0.0, 1.0) / 2;
    return clock::duration{static_cast<clock::duration::rep>(bound * part)};
}

} // namespace checkwatches::feed
