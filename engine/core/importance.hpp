#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace checkwatches {

// How much a bug matters, in normal words. The titles are Launchpad's (BugTaskImportance).
enum class importance {
    unknown,   // the tracker says nothing that we understand
    undecided, // the tracker says that nobody has decided yet
    wishlist,
    low,
    medium,
    high,
    critical,
};

// Every importance, in the order above.
inline constexpr std::array all_importances{
    importance::unknown,
    importance::undecided,
    importance::wishlist,
    importance::low,
    importance::medium,
    importance::high,
    importance::critical,
};

// The title as it is shown and stored: "Wishlist".
std::string_view title(importance i) noexcept;

// The importance with exactly this title; nothing for any other text.
std::optional<importance> parse_importance(std::string_view text) noexcept;

} // namespace checkwatches
