#include "engine/core/toml_hazard.hpp"

#include <algorithm>

namespace checkwatches {
namespace {

bool is_control(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\t' && c != '\r');
}

bool begins_key(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
           || c == '"' || c == '\'';
}

// The first place behind `at` that is neither blank nor tab.
std::size_t past_blanks(std::string_view line, std::size_t at)
{
    return std::min(line.find_first_not_of(" \t", at), line.size());
}

// Where the line has a "[" that no key follows; its size where it has none.
std::size_t bad_header(std::string_view line)
{
    auto at = past_blanks(line, 0);
    if (at == line.size() || line[at] != '[')
        return line.size();
    auto const begin = at++;
    if (at < line.size() && line[at] == '[')
        ++at;
    at = past_blanks(line, at);
    bool const is_good = at < line.size() && (begins_key(line[at]) || line[at] == ']');
    return is_good ? line.size() : begin;
}

} // namespace

std::optional<toml_place> toml_hazard(std::string_view text) noexcept
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    for (std::int64_t number = 1; !text.empty(); ++number) {
        auto const line = text.substr(0, text.find('\n'));
        auto const control = std::ranges::find_if(line, is_control) - line.begin();
        auto const at = std::min(static_cast<std::size_t>(control), bad_header(line));
        if (at != line.size())
            return toml_place{.line = number, .column = static_cast<std::int64_t>(at) + 1};
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return std::nullopt;
}

} // namespace checkwatches
