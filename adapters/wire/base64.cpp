#include "adapters/wire/base64.hpp"

#include <cstdint>

namespace checkwatches::wire {
namespace {

// The six bits of a digit; nothing for any other character.
std::optional<std::uint32_t> bits_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return static_cast<std::uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z')
        return static_cast<std::uint32_t>(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return static_cast<std::uint32_t>(c - '0' + 52);
    if (c == '+')
        return 62;
    if (c == '/')
        return 63;
    return std::nullopt;
}

} // namespace

std::optional<std::string> decode_base64(std::string_view text)
{
    std::string out;
    out.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0; // of the bits that are held
    bool ended = false;
    for (char const c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            continue;
        ended = ended || c == '=';
        if (ended && c == '=')
            continue;
        auto const six = bits_of(c);
        if (ended || !six)
            return std::nullopt;
        bits = (bits << 6U) | *six;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
            bits &= (1U << static_cast<unsigned>(count)) - 1;
        }
    }
    if (count == 6)
        return std::nullopt;
    return out;
}

} // namespace checkwatches::wire
