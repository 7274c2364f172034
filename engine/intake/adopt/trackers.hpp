#pragma once

#include "engine/intake/adopt/adopted.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake {

inline constexpr std::size_t largest_settings = std::size_t{1024} * 1024; // bytes of a configuration
inline constexpr std::size_t most_trackers = 10'000;

// A tracker as the configuration of another program names it.
struct named_tracker {
    spot at{};
    std::string name{};
    std::string type{};                  // in its words: "issuezilla"
    std::string address{};               // with or without https://
    std::vector<std::string> projects{}; // of a forge, below the address
    bool plain = false;                  // http where the address does not say
};

// Our kind for its word; empty where there is none.
std::string_view kind_for(std::string_view type) noexcept;

// Adds to `out` what becomes of it: a tracker, or one for each project of a forge, or a leftover that says
// why there is none. What might be a credential in an address is never repeated.
void adopt_tracker(named_tracker const& named, adopted& out);

} // namespace checkwatches::intake
