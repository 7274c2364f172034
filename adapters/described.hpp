#pragma once

#include "adapters/adapter.hpp"

#include <cstddef>
#include <vector>

namespace checkwatches::adapters {

inline constexpr std::size_t longest_description = 64 * 1024; // bytes

// A kind that is described in a file of TOML rather than in C++ (README, "A kind of your own"): where its
// bugs are, how they are asked for, where the answer says what, and what its words mean.
//
// An error of kind configuration names file, line and column.
result<std::unique_ptr<adapter const>> make_described(std::string_view text, std::string const& file);

// The descriptions that come with the program, as (file name, text).
std::vector<std::pair<std::string_view, std::string_view>> const& shipped_descriptions();

} // namespace checkwatches::adapters
