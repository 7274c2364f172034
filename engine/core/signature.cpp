#include "engine/core/signature.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches {
namespace {

constexpr std::size_t most_bytes = 200;
constexpr std::size_t longest_quote = 20;
constexpr std::size_t shortest_hex = 8;
// Of what comes in nothing more is looked at: the answer has room for 200 bytes.
constexpr std::size_t most_read = 4096;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Blanks and control characters, DEL included; bytes of UTF-8 are neither.
bool is_blank(char c) noexcept
{
    auto const byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
}

std::size_t count_while(std::string_view text, bool (*holds)(char))
{
    auto const end = std::find_if_not(text.begin(), text.end(), holds);
    return static_cast<std::size_t>(end - text.begin());
}

// How much of the beginning has this shape: 0 stands for one digit, everything else for itself. 0: it has
// not.
std::size_t shaped(std::string_view text, std::string_view shape)
{
    if (text.size() < shape.size())
        return 0;
    for (std::size_t i = 0; i != shape.size(); ++i)
        if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i])
            return 0;
    return shape.size();
}

// "10:15:53", with an optional fraction and zone.
std::size_t clock_length(std::string_view text)
{
    auto length = shaped(text, "00:00:00");
    if (length == 0)
        length = shaped(text, "00:00");
    if (length == 0)
        return 0;
    auto const rest = [&] { return text.substr(length); };
    if (rest().starts_with('.') || rest().starts_with(','))
        if (auto const digits = count_while(rest().substr(1), is_digit); digits != 0)
            length += digits + 1;
    for (auto const zone : {"Z", " GMT", " UTC"})
        if (rest().starts_with(zone))
            return length + std::string_view{zone}.size();
    for (auto const shape : {"+00:00", "-00:00", "+0000", "-0000"})
        if (auto const zone = shaped(rest(), shape); zone != 0)
            return length + zone;
    return length;
}

// "20 Nov 2026": the shape of RFC 9110 and of mail, without the day of the week.
std::size_t worded_date_length(std::string_view text)
{
    static constexpr std::array months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = count_while(text, is_digit);
    if (day == 0 || day > 2 || text.size() < day + 9 || text[day] != ' ' || text[day + 4] != ' ')
        return 0;
    if (std::ranges::find(months, text.substr(day + 1, 3)) == months.end())
        return 0;
    return shaped(text.substr(day + 5), "0000") == 0 ? 0 : day + 9;
}

// A date, a time, or both.
std::size_t time_length(std::string_view text)
{
    auto date = shaped(text, "0000-00-00");
    if (date == 0)
        date = worded_date_length(text);
    if (date == 0)
        return clock_length(text);
    auto const rest = text.substr(date);
    if (rest.starts_with('T') || rest.starts_with(' '))
        if (auto const clock = clock_length(rest.substr(1)); clock != 0)
            return date + 1 + clock;
    return date;
}

// A UUID, or a word of at least 8 hex digits, with a digit among them: "deadbeef" may be a word.
std::size_t hex_length(std::string_view text)
{
    constexpr std::array groups{8, 4, 4, 4, 12};
    std::size_t uuid = 0;
    for (auto const group : groups) {
        if (uuid != 0 && !text.substr(uuid).starts_with('-'))
            break;
        auto const from = uuid == 0 ? 0 : uuid + 1;
        if (count_while(text.substr(std::min(from, text.size())), is_hex) != static_cast<std::size_t>(group))
            break;
        uuid = from + static_cast<std::size_t>(group);
    }
    std::size_t length = uuid == 36 ? uuid : 0;
    if (length == 0) {
        auto const prefix = text.starts_with("0x") ? std::size_t{2} : std::size_t{0};
        auto const digits = count_while(text.substr(prefix), is_hex);
        length = digits >= shortest_hex ? prefix + digits : 0;
    }
    auto const word = text.substr(0, length);
    bool const goes_on = length < text.size() && (is_letter(text[length]) || text[length] == '_');
    bool const is_number = std::ranges::all_of(word, is_digit);
    if (goes_on || is_number || std::ranges::none_of(word, is_digit))
        return 0;
    return length;
}

// "404", "3.5", "1,000".
std::size_t number_length(std::string_view text)
{
    auto length = count_while(text, is_digit);
    while (length != 0 && length + 1 < text.size() && (text[length] == '.' || text[length] == ',')
           && is_digit(text[length + 1]))
        length += 1 + count_while(text.substr(length + 1), is_digit);
    return length;
}

// A quoted text that is too long to be a word of the message's own, quotes included.
std::size_t quote_length(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> quotes{
        {{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}}};
    for (auto const& [opening, closing] : quotes) {
        if (!text.starts_with(opening))
            continue;
        auto const end = text.find(closing, opening.size());
        if (end != text.npos && end - opening.size() > longest_quote)
            return end + closing.size();
    }
    return 0;
}

// The query of a URL: from the question mark to where the URL ends.
std::size_t query_length(std::string_view text)
{
    if (!text.starts_with('?'))
        return 0;
    auto const length = count_while(
        text, [](char c) { return !is_blank(c) && c != ')' && c != '"' && c != '\'' && c != '>'; });
    return length > 1 ? length : 0;
}

struct shape {
    std::size_t (*length)(std::string_view);
    std::string_view sign; // what stands for it
    bool begins_word;      // not in the middle of a word
};

constexpr std::array shapes{
    shape{quote_length, "\"…\"", true},
    shape{time_length, "T", true},
    shape{hex_length, "H", true},
    shape{number_length, "N", false},
};

// What the message goes on with, where that is to be replaced.
std::pair<std::size_t, std::string_view> replaced(std::string_view rest, bool in_word, bool in_url)
{
    if (in_url)
        if (auto const length = query_length(rest); length != 0)
            return {length, ""};
    for (auto const& each : shapes) {
        if (each.begins_word && in_word)
            continue;
        if (auto const length = each.length(rest); length != 0)
            return {length, each.sign};
    }
    return {0, ""};
}

} // namespace

std::string normalise_message(std::string_view message)
{
    std::string out;
    bool in_word = false;
    bool in_url = false;
    auto rest = cut_text(message, most_read);
    while (!rest.empty() && out.size() <= most_bytes) {
        if (is_blank(rest.front())) {
            rest.remove_prefix(count_while(rest, is_blank));
            if (!out.empty() && !rest.empty())
                out += ' ';
            in_word = false;
            in_url = false;
            continue;
        }
        in_url = in_url || rest.starts_with("http://") || rest.starts_with("https://");
        if (auto const [length, sign] = replaced(rest, in_word, in_url); length != 0) {
            out += sign;
            rest.remove_prefix(length);
            in_word = true;
            continue;
        }
        in_word = is_letter(rest.front()) || is_digit(rest.front());
        out += rest.front();
        rest.remove_prefix(1);
    }
    return std::string{cut_text(out, most_bytes)};
}

std::string_view cut_text(std::string_view text, std::size_t most) noexcept
{
    if (text.size() <= most)
        return text;
    while (most != 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    return text.substr(0, most);
}

} // namespace checkwatches
