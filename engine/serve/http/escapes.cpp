#include "engine/serve/http/escapes.hpp"

#include <simdjson.h>

#include <charconv>

namespace checkwatches::serve {

bool is_utf8(std::string_view text) noexcept
{
    return simdjson::validate_utf8(text);
}

std::optional<std::string> decode_escapes(std::string_view escaped, bool plus_is_blank)
{
    std::string out;
    out.reserve(escaped.size());
    while (!escaped.empty()) {
        auto const next = escaped.front();
        if (next != '%') {
            out += next == '+' && plus_is_blank ? ' ' : next;
            escaped.remove_prefix(1);
            continue;
        }
        unsigned value = 0;
        auto const digits = escaped.substr(1, 2);
        auto const [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (ec != std::errc{} || digits.size() != 2 || end != digits.data() + 2)
            return std::nullopt;
        out += static_cast<char>(value);
        escaped.remove_prefix(3);
    }
    if (out.find('\0') != std::string::npos || !is_utf8(out))
        return std::nullopt;
    return out;
}

} // namespace checkwatches::serve
