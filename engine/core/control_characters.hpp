#pragma once

#include <string>
#include <string_view>

namespace checkwatches {

// One of ASCII's: below a blank, or DEL.
constexpr bool is_control(char c) noexcept
{
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

// What has no place in ASCII text: tab and ends of lines have one.
constexpr bool is_control_in_text(char c) noexcept
{
    return is_control(c) && c != '\t' && c != '\r' && c != '\n';
}
// … in any text: those from U+0080 to U+009F steer terminals too.
constexpr bool is_control_in_text(char32_t c) noexcept
{
    return c < 0x80 ? is_control_in_text(static_cast<char>(c)) : c < 0xA0;
}

// UTF-8 with a blank for each control character, tabs and ends of lines too: a line for a terminal or a mail.
std::string controls_to_blanks(std::string_view utf8);

} // namespace checkwatches
