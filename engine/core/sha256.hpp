#pragma once

#include <string>
#include <string_view>

namespace checkwatches {

// SHA-256 in 64 hexadecimal digits.
std::string sha256_of(std::string_view text);

} // namespace checkwatches
