#pragma once

#include <string>
#include <string_view>

namespace checkwatches::serve {

// A secret of 256 random bits as 43 letters, digits, "-" and "_" behind `prefix`.
std::string random_secret(std::string_view prefix);

// Whether both are the same, in a time that does not tell where they differ.
bool same_secret(std::string_view a, std::string_view b) noexcept;

} // namespace checkwatches::serve
