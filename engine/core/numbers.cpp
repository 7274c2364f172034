#include "engine/core/numbers.hpp"

#include <fmt/format.h>

namespace checkwatches {

std::string grouped(std::int64_t number)
{
    auto digits = std::to_string(number);
    auto const first = number < 0 ? 1U : 0U;
    for (auto at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string counted(std::int64_t number, std::string_view one, std::string_view many)
{
    if (number == 1)
        return fmt::format("1 {}", one);
    return many.empty() ? fmt::format("{} {}s", grouped(number), one)
                        : fmt::format("{} {}", grouped(number), many);
}

} // namespace checkwatches
