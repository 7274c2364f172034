#include "engine/core/importance.hpp"

#include <algorithm>

namespace checkwatches {

std::string_view title(importance i) noexcept
{
    switch (i) {
    case importance::undecided: return "Undecided";
    case importance::wishlist: return "Wishlist";
    case importance::low: return "Low";
    case importance::medium: return "Medium";
    case importance::high: return "High";
    case importance::critical: return "Critical";
    case importance::unknown: break;
    }
    return "Unknown";
}

std::optional<importance> parse_importance(std::string_view text) noexcept
{
    auto const found = std::ranges::find(all_importances, text, [](importance i) { return title(i); });
    if (found == all_importances.end())
        return std::nullopt;
    return *found;
}

} // namespace checkwatches
