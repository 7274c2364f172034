#include "bench/mock/text.hpp"

#include "engine/core/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace checkwatches::mock {

namespace {

constexpr std::array<std::string_view, 12> months{
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct civil {
    int year;
    unsigned month, day, hour, minute, second, weekday;
};

civil take_apart(std::int64_t t)
{
    std::chrono::sys_seconds const when{std::chrono::seconds{t}};
    auto const midnight = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date{midnight};
    auto const rest = static_cast<unsigned>((when - midnight).count());
    return {
        int{date.year()},
        unsigned{date.month()},
        unsigned{date.day()},
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
        std::chrono::weekday{midnight}.c_encoding()};
}

// The next `digits` digits of `text`, skipping separators before them; -1 where there are none.
int take_number(std::string_view& text, std::size_t digits)
{
    while (!text.empty() && (text.front() < '0' || text.front() > '9'))
        text.remove_prefix(1);
    int value = -1;
    auto const part = text.substr(0, digits);
    if (part.size() == digits)
        std::from_chars(part.data(), part.data() + part.size(), value);
    text.remove_prefix(part.size());
    return value;
}

} // namespace

std::uint64_t scramble(std::uint64_t n) noexcept
{
    n = (n + 1) * 0x9e3779b97f4a7c15U;
    n = (n ^ (n >> 30U)) * 0xbf58476d1ce4e5b9U;
    n = (n ^ (n >> 27U)) * 0x94d049bb133111ebU;
    return n ^ (n >> 31U);
}

bool version_at_least(std::string_view version, std::string_view wanted) noexcept
{
    auto const have = split(version, '.');
    auto const want = split(wanted, '.');
    for (std::size_t i = 0; i < want.size(); ++i) {
        auto const left = i < have.size() ? read_id(have[i]).value_or(0) : 0;
        auto const right = read_id(want[i]).value_or(0);
        if (left != right)
            return left > right;
    }
    return true;
}

void append_json(std::string& out, std::string_view text)
{
    out += '"';
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    out += '"';
}

void append_xml(std::string& out, std::string_view text)
{
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    }
}

void append_quoted(std::string& out, std::string_view text)
{
    out += '"';
    for (char const c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

std::string iso_time(std::int64_t t)
{
    auto const c = take_apart(t);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string xmlrpc_time(std::int64_t t)
{
    auto const c = take_apart(t);
    return fmt::format(
        "{:04}{:02}{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string plain_time(std::int64_t t)
{
    auto const c = take_apart(t);
    return fmt::format(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

std::string trac_time(std::int64_t t)
{
    auto const c = take_apart(t);
    auto const hour = c.hour % 12 == 0 ? 12 : c.hour % 12;
    return fmt::format(
        "{} {}, {}, {}:{:02}:{:02} {}",
        months[c.month - 1],
        c.day,
        c.year,
        hour,
        c.minute,
        c.second,
        c.hour < 12 ? "AM" : "PM");
}

std::string http_time(std::int64_t t)
{
    auto const c = take_apart(t);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        weekdays[c.weekday],
        c.day,
        months[c.month - 1],
        c.year,
        c.hour,
        c.minute,
        c.second);
}

std::optional<std::int64_t> read_time(std::string_view text) noexcept
{
    auto const year = take_number(text, 4);
    auto const month = take_number(text, 2);
    auto const day = take_number(text, 2);
    auto const hour = std::max(0, take_number(text, 2));
    auto const minute = std::max(0, take_number(text, 2));
    auto const second = std::max(0, take_number(text, 2));
    if (year < 0 || month < 0 || day < 0)
        return std::nullopt;
    std::chrono::year_month_day const date{
        std::chrono::year{year},
        std::chrono::month{static_cast<unsigned>(month)},
        std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return std::nullopt;
    auto const days = std::chrono::sys_days{date}.time_since_epoch().count();
    return std::int64_t{days} * 86400 + hour * 3600 + minute * 60 + second;
}

std::optional<std::int64_t> read_micros(std::string_view text) noexcept
{
    auto const seconds = read_time(text);
    if (!seconds)
        return std::nullopt;
    std::int64_t fraction = 0;
    std::int64_t weight = 100'000; // of the next digit
    text.remove_prefix(std::min(text.find('.'), text.size()));
    for (std::size_t i = 1; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        fraction += weight * (text[i] - '0');
        weight /= 10;
    }
    return *seconds * 1'000'000 + fraction;
}

std::string base64_tag(std::uint64_t high, std::uint64_t low)
{
    std::string tag;
    for (unsigned i = 0; i < 11; ++i)
        tag += base64_letters[(high >> (i * 5U)) & 63U];
    for (unsigned i = 0; i < 11; ++i)
        tag += base64_letters[(low >> (i * 5U)) & 63U];
    return tag;
}

std::string hex_tag(std::uint64_t n)
{
    return fmt::format("{:016x}{:08x}", scramble(n), scramble(n + 1) >> 32U);
}

std::string base64_decode(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const c : text) {
        auto const value = base64_letters.find(c);
        if (value == std::string_view::npos)
            continue;
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 0xffU);
        }
    }
    return out;
}

form parse_form(std::string_view text)
{
    form fields;
    for (auto const part : split(text, '&')) {
        if (part.empty())
            continue;
        auto const equals = std::min(part.find('='), part.size());
        std::string value{part.substr(std::min(equals + 1, part.size()))};
        std::ranges::replace(value, '+', ' ');
        fields.emplace_back(percent_decode(part.substr(0, equals)), percent_decode(value));
    }
    return fields;
}

std::optional<std::string_view> field(form const& fields, std::string_view name) noexcept
{
    auto const at = std::ranges::find(fields, name, &form::value_type::first);
    if (at == fields.end())
        return std::nullopt;
    return at->second;
}

std::vector<std::string_view> listed(form const& fields, std::string_view name)
{
    std::vector<std::string_view> all;
    for (auto const& [key, value] : fields)
        if (key == name)
            for (auto const part : split(value, ','))
                all.push_back(part);
    return all;
}

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    for (;;) {
        auto const end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::int64_t> read_id(std::string_view text) noexcept
{
    std::int64_t value = 0;
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace checkwatches::mock
