#pragma once

#include <string>
#include <string_view>

namespace checkwatches {

// Words of protocols: ASCII without regard to case, whatever the locale. Other bytes stay as they are.

// Equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b) noexcept;

// ASCII letters in lower case.
std::string lower(std::string_view text);

// Without blanks, tabs and line ends at either side.
std::string_view trimmed(std::string_view text) noexcept;

} // namespace checkwatches
