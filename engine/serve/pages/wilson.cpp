#include "engine/serve/pages/wilson.hpp"

#include <algorithm>
#include <cmath>

namespace checkwatches::serve::view {

interval wilson(std::int64_t hits, std::int64_t n) noexcept
{
    if (n <= 0)
        return {};
    constexpr double z = 1.959963984540054; // the normal distribution's 97.5 % quantile
    auto const count = static_cast<double>(n);
    auto const p = std::clamp(static_cast<double>(hits) / count, 0.0, 1.0);
    auto const shrink = 1 + z * z / count;
    auto const middle = p + z * z / (2 * count);
    auto const reach = z * std::sqrt((p * (1 - p) + z * z / (4 * count)) / count);
    return {
        .low = hits <= 0 ? 0 : std::max(0.0, (middle - reach) / shrink),
        .high = hits >= n ? 1 : std::min(1.0, (middle + reach) / shrink)};
}

} // namespace checkwatches::serve::view
