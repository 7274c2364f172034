#include "engine/app/log_line.hpp"

#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::app {
namespace {

constexpr std::size_t most_value = 1'500;  // bytes of one value
constexpr std::size_t most_values = 3'500; // … of all together, so that a line fits into 4 KiB

// A URL's user and password, wherever in the text it stands: "https://me:pw@host" as "https://***@host".
std::string without_userinfo(std::string_view text)
{
    constexpr std::string_view start = "://";
    std::string out;
    for (;;) {
        auto const found = text.find(start);
        if (found == std::string_view::npos)
            return out.append(text);
        auto const authority = found + start.size();
        out += text.substr(0, authority);
        text.remove_prefix(authority);
        auto const end = std::min(text.find_first_of("/?# \t\r\n\"'<>"), text.size());
        auto const at = text.substr(0, end).rfind('@');
        if (at == std::string_view::npos)
            continue;
        out += "***";
        text.remove_prefix(at);
    }
}

// Line and paragraph separators and the marks that turn the direction of text (U+200E, U+200F, U+2028 to
// U+202E, U+2066 to U+2069): the last byte of their three in UTF-8, or nothing.
bool bends_lines(std::string_view three) noexcept
{
    if (three.size() < 3 || three[0] != '\xE2')
        return false;
    auto const last = static_cast<unsigned char>(three[2]);
    if (three[1] == '\x80')
        return last == 0x8E || last == 0x8F || (last >= 0xA8 && last <= 0xAE);
    return three[1] == '\x81' && last >= 0xA6 && last <= 0xA9;
}

std::string escaped_separator(std::string_view three)
{
    auto const bits = [&](std::size_t i) { return static_cast<unsigned>(three[i]) & 0x3FU; };
    return fmt::format("\\u{:04x}", 0x2000U | bits(1) << 6U | bits(2));
}

// The text as the inside of a JSON string, cut to `most` bytes.
std::string escaped(std::string_view text, std::size_t most)
{
    auto const clean = wire::without_controls(without_userinfo(text));
    std::string_view const in = clean;
    std::string out;
    std::size_t whole = 0; // bytes of `out` that end with a character
    for (std::size_t i = 0; i != in.size(); ++i) {
        auto const rest = in.substr(i, 3);
        bool const starts = (static_cast<unsigned char>(in[i]) & 0xC0U) != 0x80;
        if (starts && out.size() > most)
            return out.substr(0, whole) + "…";
        if (starts)
            whole = out.size();
        if (bends_lines(rest)) {
            out += escaped_separator(rest);
            i += 2;
            continue;
        }
        switch (in[i]) {
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        default: out += in[i];
        }
    }
    return out;
}

// Whether logfmt can do without quotes.
bool is_plain(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return c > 0x20 && c != '"' && c != '=' && c != '\\' && c != 0x7F;
    });
}

// One member at the end of the line.
void append(std::string& line, log_format format, log_field const& field, std::size_t most)
{
    auto const value = escaped(field.value, most);
    bool const bare = field.is_number || (format == log_format::logfmt && is_plain(value));
    auto const quote = bare ? "" : "\"";
    if (format == log_format::json)
        line += fmt::format("{}\"{}\":{}{}{}", line.empty() ? "" : ",", field.key, quote, value, quote);
    else
        line += fmt::format("{}{}={}{}{}", line.empty() ? "" : " ", field.key, quote, value, quote);
}

} // namespace

std::string_view word(log_level level) noexcept
{
    switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::notice: return "notice";
    case log_level::warning: return "warning";
    case log_level::error: break;
    }
    return "error";
}

int priority(log_level level) noexcept
{
    switch (level) {
    case log_level::debug: return 7;
    case log_level::info: return 6;
    case log_level::notice: return 5;
    case log_level::warning: return 4;
    case log_level::error: break;
    }
    return 3;
}

std::string
log_line(log_format format, log_level level, std::string_view event, std::initializer_list<log_field> fields)
{
    std::string line;
    append(line, format, {"level", word(level)}, most_value);
    append(line, format, {"event", event}, most_value);
    for (auto const& field : fields) {
        auto const room = most_values - std::min(line.size(), most_values);
        append(line, format, field, std::min(room, most_value));
    }
    return line;
}

} // namespace checkwatches::app
