#pragma once

#include <span>
#include <string_view>

namespace checkwatches::serve {

// A file of assets/, as it was when the program was built.
struct asset {
    std::string_view name{}; // "style.css"
    std::string_view hash{}; // of its text: changes with it
    std::string_view text{};
};

std::span<asset const> all_assets() noexcept;
// Null where there is none of this name.
asset const* find_asset(std::string_view name) noexcept;

} // namespace checkwatches::serve
