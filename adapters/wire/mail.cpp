#include "adapters/wire/mail.hpp"

#include "adapters/wire/base64.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace checkwatches::wire {
namespace {

constexpr std::array<std::string_view, 12> months{
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::pair<std::string_view, int>, 11> zones{
    {{"gmt", 0},
     {"ut", 0},
     {"utc", 0},
     {"z", 0},
     {"edt", -4},
     {"est", -5},
     {"cdt", -5},
     {"cst", -6},
     {"mst", -7},
     {"pdt", -7},
     {"pst", -8}}};

// The next word of a date; words are parted by blanks, commas and comments. Empty at the end.
std::string_view take_word(std::string_view& rest)
{
    constexpr std::string_view between = " \t\r\n,";
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(between), rest.size()));
        if (!rest.starts_with('('))
            break;
        rest.remove_prefix(std::min(rest.find(')'), rest.size() - 1) + 1);
    }
    auto const word = rest.substr(0, rest.find_first_of(" \t\r\n,("));
    rest.remove_prefix(word.size());
    return word;
}

// A number of at most so many digits, which is all of the word.
std::optional<int> number_of(std::string_view word, std::size_t digits)
{
    int out = 0;
    if (!is_number(word) || word.size() > digits)
        return std::nullopt;
    std::from_chars(word.data(), word.data() + word.size(), out);
    return out;
}

std::optional<unsigned> month_of(std::string_view word)
{
    auto const found = std::ranges::find(months, lower(word.substr(0, 3)));
    if (found == months.end())
        return std::nullopt;
    return static_cast<unsigned>(found - months.begin()) + 1;
}

std::optional<int> year_of(std::string_view word)
{
    auto const year = number_of(word, 4);
    if (!year || word.size() == 4)
        return year;
    if (word.size() != 2)
        return std::nullopt;
    return *year + (*year < 50 ? 2000 : 1900);
}

std::optional<std::chrono::seconds> clock_of(std::string_view word)
{
    auto const hours = number_of(word.substr(0, word.find(':')), 2);
    word.remove_prefix(std::min(word.find(':'), word.size() - 1) + 1);
    auto const minutes = number_of(word.substr(0, word.find(':')), 2);
    bool const exact = word.find(':') != std::string_view::npos;
    auto const seconds = exact ? number_of(word.substr(word.find(':') + 1), 2) : std::optional{0};
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
        return std::nullopt;
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds};
}

std::optional<std::chrono::minutes> zone_of(std::string_view word)
{
    auto const known = std::ranges::find(zones, lower(word), [](auto const& z) { return z.first; });
    if (known != zones.end())
        return std::chrono::hours{known->second};
    if (word.size() != 5 || (word.front() != '+' && word.front() != '-'))
        return std::nullopt;
    auto const hours = number_of(word.substr(1, 2), 2);
    auto const minutes = number_of(word.substr(3), 2);
    if (!hours || !minutes)
        return std::nullopt;
    auto const ahead = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return word.front() == '-' ? -ahead : ahead;
}

// Q encoding: "_" is a blank, "=E4" a byte.
std::optional<std::string> decode_q(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i] == '_' ? ' ' : text[i];
            continue;
        }
        unsigned byte = 0;
        auto const hex = text.substr(i + 1, 2);
        auto const read = std::from_chars(hex.data(), hex.data() + hex.size(), byte, 16);
        if (hex.size() != 2 || read.ec != std::errc{} || read.ptr != hex.data() + hex.size())
            return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

struct encoded_word {
    std::string text;
    std::size_t length; // of what it was written as
};

// The encoded word at the beginning of `text`.
std::optional<encoded_word> read_word(std::string_view text)
{
    constexpr std::string_view opening = "=?";
    constexpr std::string_view closing = "?=";
    constexpr std::size_t longest = 1000; // they are written with 75 at most
    if (!text.starts_with(opening))
        return std::nullopt;
    text = text.substr(0, longest);
    auto const charset_end = text.find('?', opening.size());
    if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()
        || text[charset_end + 2] != '?')
        return std::nullopt;
    auto const begin = charset_end + 3;
    auto const end = text.find(closing, begin);
    if (end == std::string_view::npos)
        return std::nullopt;
    auto const coded = text.substr(begin, end - begin);
    if (coded.find_first_of(" \t\r\n?") != std::string_view::npos)
        return std::nullopt;
    bool const is_b = same_word(text.substr(charset_end + 1, 1), "b");
    bool const is_q = same_word(text.substr(charset_end + 1, 1), "q");
    if (!is_b && !is_q)
        return std::nullopt;
    auto const bytes = is_b ? decode_base64(coded) : decode_q(coded);
    if (!bytes)
        return std::nullopt;
    auto charset = text.substr(opening.size(), charset_end - opening.size());
    charset = charset.substr(0, charset.find('*')); // a language may follow
    auto const type = "text/plain; charset=" + std::string{charset};
    return encoded_word{.text = decode_text(*bytes, type).text, .length = end + closing.size()};
}

} // namespace

std::optional<utc_time> parse_mail_date(std::string_view text)
{
    auto word = take_word(text);
    if (!word.empty() && !is_number(word))
        word = take_word(text); // that was the weekday
    auto const day = number_of(word, 2);
    auto const month = month_of(take_word(text));
    auto const year = year_of(take_word(text));
    auto const clock = clock_of(take_word(text));
    auto const zone = zone_of(take_word(text));
    if (!day || !month || !year || !clock || !zone)
        return std::nullopt;
    std::chrono::year_month_day const date{
        std::chrono::year{*year}, std::chrono::month{*month}, std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days{date} + *clock - *zone;
}

std::string decode_mail_words(std::string_view value)
{
    std::string out;
    std::string blanks; // seen, and not written yet: between two encoded words they are not
    bool behind_word = false;
    for (std::size_t at = 0; at != value.size();) {
        char const c = value[at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (blanks.empty())
                blanks = " ";
            ++at;
            continue;
        }
        auto const word = read_word(value.substr(at));
        if (!word || !behind_word)
            out += blanks;
        blanks.clear();
        behind_word = word.has_value();
        if (word)
            out += word->text;
        else
            out += c;
        at += word ? word->length : 1;
    }
    return without_controls(trimmed(out));
}

} // namespace checkwatches::wire
