#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches {

// Words of protocols: ASCII without regard to case, whatever the locale. Other bytes stay as they are.

// Equal but for the case of ASCII letters.
inline bool same_word(std::string_view a, std::string_view b) noexcept
{
    auto const fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i != a.size(); ++i)
        if (fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

// ASCII letters in lower case.
std::string lower(std::string_view text);

// Without blanks, tabs and line ends at either side.
std::string_view trimmed(std::string_view text) noexcept;

} // namespace checkwatches
