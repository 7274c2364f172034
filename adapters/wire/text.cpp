#include "adapters/wire/text.hpp"

#include "engine/core/control_characters.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace checkwatches::wire {
namespace {

constexpr char32_t replacement = 0xFFFD;

enum class charset { utf8, ascii, latin9, windows1252, utf16le, utf16be };

// What Windows-1252 has at 0x80–0x9F; 0 where it has nothing.
constexpr std::array<char16_t, 32> windows1252_high{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// Collects code points as UTF-8 and counts what had to be replaced.
class collector {
public:
    explicit collector(std::size_t expected) { out_.text.reserve(expected); }

    // Bytes that are text as they are.
    void add_plain(std::string_view text) { out_.text += text; }

    void add(char32_t c)
    {
        if (is_control_in_text(c)) {
            out_.text += ' ';
            ++out_.replaced;
            return;
        }
        append(c);
    }

    void replace()
    {
        append(replacement);
        ++out_.replaced;
    }

    decoded_text take() { return std::move(out_); }

private:
    void append(char32_t c)
    {
        auto const byte = [&](char32_t b) { out_.text += static_cast<char>(b); };
        if (c < 0x80) {
            byte(c);
        }
        else if (c < 0x800) {
            byte(0xC0 | (c >> 6));
            byte(0x80 | (c & 0x3F));
        }
        else if (c < 0x10000) {
            byte(0xE0 | (c >> 12));
            byte(0x80 | ((c >> 6) & 0x3F));
            byte(0x80 | (c & 0x3F));
        }
        else {
            byte(0xF0 | (c >> 18));
            byte(0x80 | ((c >> 12) & 0x3F));
            byte(0x80 | ((c >> 6) & 0x3F));
            byte(0x80 | (c & 0x3F));
        }
    }

    decoded_text out_;
};

std::uint8_t byte_at(std::string_view bytes, std::size_t i)
{
    return static_cast<std::uint8_t>(bytes[i]);
}

struct utf8_step {
    char32_t c = 0;
    std::size_t length = 1;
    bool valid = false;
};

// The code point at `i`; where it is not valid, how many bytes to give up (Unicode's "maximal subpart"
// practice).
utf8_step next_utf8(std::string_view bytes, std::size_t i)
{
    std::uint8_t const lead = byte_at(bytes, i);
    if (lead < 0x80)
        return {.c = lead, .length = 1, .valid = true};

    std::size_t const want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return {};
    char32_t c = lead & (0xFFU >> (want + 1));
    for (std::size_t k = 1; k != want; ++k) {
        if (i + k >= bytes.size())
            return {.length = k};
        std::uint8_t const b = byte_at(bytes, i + k);
        bool fits = (b & 0xC0) == 0x80;
        if (k == 1) { // overlong forms, surrogates, beyond U+10FFFF
            bool const barred = (lead == 0xE0 && b < 0xA0) || (lead == 0xED && b > 0x9F)
                                || (lead == 0xF0 && b < 0x90) || (lead == 0xF4 && b > 0x8F);
            fits = fits && !barred;
        }
        if (!fits)
            return {.length = k};
        c = (c << 6) | (b & 0x3FU);
    }
    return {.c = c, .length = want, .valid = true};
}

bool is_utf8(std::string_view bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

// Valid UTF-8 has a control character that is to be replaced. No byte decides what happens to the next, so
// that compilers can take many at a time.
bool has_controls(std::string_view bytes)
{
    unsigned char before = 0;
    unsigned char found = 0;
    for (char const c : bytes) {
        auto const b = static_cast<unsigned char>(c);
        bool const low = b < 0x20 && b != '\t' && b != '\n' && b != '\r';
        bool const high = before == 0xC2 && b < 0xA0;
        found |= static_cast<unsigned char>(low | high | (b == 0x7F));
        before = b;
    }
    return found != 0;
}

// How many bytes from `i` on are printable ASCII or white space: most of every answer.
std::size_t plain_length(std::string_view bytes, std::size_t i)
{
    auto const plain = [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t'; };
    auto const start = i;
    while (i < bytes.size() && plain(bytes[i]))
        ++i;
    return i - start;
}

decoded_text from_utf8(std::string_view bytes)
{
    if (is_clean(bytes)) // as nearly every answer is
        return {.text = std::string{bytes}};
    collector out{bytes.size()};
    for (std::size_t i = 0; i < bytes.size();) {
        if (auto const length = plain_length(bytes, i); length != 0) {
            out.add_plain(bytes.substr(i, length));
            i += length;
            continue;
        }
        auto const step = next_utf8(bytes, i);
        if (step.valid)
            out.add(step.c);
        else
            out.replace();
        i += step.length;
    }
    return out.take();
}

// One byte of a single-byte charset; nothing where the charset has no character there.
std::optional<char32_t> from_byte(charset set, std::uint8_t b)
{
    if (b < 0x80)
        return b;
    switch (set) {
    case charset::windows1252:
        if (b < 0xA0) {
            char16_t const c = windows1252_high[b - 0x80U];
            return c == 0 ? std::nullopt : std::optional<char32_t>{c};
        }
        return b;
    case charset::latin9:
        switch (b) {
        case 0xA4: return 0x20AC;
        case 0xA6: return 0x0160;
        case 0xA8: return 0x0161;
        case 0xB4: return 0x017D;
        case 0xB8: return 0x017E;
        case 0xBC: return 0x0152;
        case 0xBD: return 0x0153;
        case 0xBE: return 0x0178;
        default: return b;
        }
    default: return std::nullopt;
    }
}

decoded_text from_single_bytes(charset set, std::string_view bytes)
{
    collector out{bytes.size()};
    for (std::size_t i = 0; i != bytes.size(); ++i) {
        if (auto const c = from_byte(set, byte_at(bytes, i)))
            out.add(*c);
        else
            out.replace();
    }
    return out.take();
}

decoded_text from_utf16(bool big_endian, std::string_view bytes)
{
    auto const unit = [&](std::size_t i) {
        char32_t const a = byte_at(bytes, i);
        char32_t const b = byte_at(bytes, i + 1);
        return big_endian ? (a << 8) | b : (b << 8) | a;
    };
    collector out{bytes.size()};
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2) {
        char32_t const first = unit(i);
        if (first < 0xD800 || first > 0xDFFF) {
            out.add(first);
            continue;
        }
        bool const pair = first < 0xDC00 && i + 3 < bytes.size() && (unit(i + 2) & 0xFC00U) == 0xDC00;
        if (!pair) {
            out.replace();
            continue;
        }
        out.add(0x10000 + ((first - 0xD800) << 10) + (unit(i + 2) - 0xDC00));
        i += 2;
    }
    if (i < bytes.size())
        out.replace();
    return out.take();
}

decoded_text from_charset(charset set, std::string_view bytes)
{
    switch (set) {
    case charset::utf8: return from_utf8(bytes);
    case charset::utf16le: return from_utf16(false, bytes);
    case charset::utf16be: return from_utf16(true, bytes);
    default: return from_single_bytes(set, bytes);
    }
}

// The value of the parameter charset, without quotes; empty where there is none.
std::string_view charset_parameter(std::string_view type)
{
    while (!type.empty()) {
        auto const part = trimmed(type.substr(0, type.find(';')));
        type.remove_prefix(std::min(type.find(';'), type.size() - 1) + 1);
        auto const equals = part.find('=');
        if (equals == std::string_view::npos || trimmed(part.substr(0, equals)) != "charset")
            continue;
        auto name = trimmed(part.substr(equals + 1));
        bool const quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'')
                            && name.back() == name.front();
        return quoted ? name.substr(1, name.size() - 2) : name;
    }
    return {};
}

std::optional<charset> declared_charset(std::string_view content_type)
{
    auto const type = lower(content_type);
    auto const name = charset_parameter(type);
    if (name == "utf-8" || name == "utf8")
        return charset::utf8;
    if (name == "us-ascii" || name == "ascii")
        return charset::ascii;
    if (name == "iso-8859-15" || name == "latin9")
        return charset::latin9;
    // What calls itself ISO 8859-1 is Windows-1252, as browsers have it: the former has only control
    // characters where the latter has letters.
    if (name == "windows-1252" || name == "cp1252" || name == "iso-8859-1" || name == "latin1")
        return charset::windows1252;
    if (name == "utf-16le")
        return charset::utf16le;
    if (name == "utf-16be" || name == "utf-16")
        return charset::utf16be;
    return std::nullopt;
}

struct byte_order_mark {
    charset set{};
    std::size_t length = 0;
};

std::optional<byte_order_mark> leading_mark(std::string_view bytes)
{
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return byte_order_mark{.set = charset::utf8, .length = 3};
    if (bytes.starts_with("\xFF\xFE"))
        return byte_order_mark{.set = charset::utf16le, .length = 2};
    if (bytes.starts_with("\xFE\xFF"))
        return byte_order_mark{.set = charset::utf16be, .length = 2};
    return std::nullopt;
}

} // namespace

decoded_text decode_text(std::string_view bytes, std::string_view content_type)
{
    auto const declared = declared_charset(content_type);
    auto const mark = leading_mark(bytes);
    bool const wide = declared == charset::utf16le || declared == charset::utf16be;
    // A mark of the declared family is a mark; under a single-byte charset the same bytes are letters.
    bool const marked = mark && (!declared || *declared == mark->set || (wide && mark->set != charset::utf8));
    if (marked)
        return from_charset(mark->set, bytes.substr(mark->length));
    if (declared)
        return from_charset(*declared, bytes);
    return from_charset(is_utf8(bytes) ? charset::utf8 : charset::windows1252, bytes);
}

bool may_be_utf8(std::string_view content_type)
{
    auto const declared = declared_charset(content_type);
    return !declared || *declared == charset::utf8;
}

bool is_clean(std::string_view bytes)
{
    return is_utf8(bytes) && !has_controls(bytes);
}

std::string without_controls(std::string_view text)
{
    return from_utf8(text).text;
}

std::string media_type(std::string_view content_type)
{
    return lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

bool is_number(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string normal_number(std::string_view id)
{
    id = trimmed(id);
    if (id.starts_with('#'))
        id.remove_prefix(1);
    if (!is_number(id))
        return {};
    id.remove_prefix(std::min(id.find_first_not_of('0'), id.size()));
    constexpr std::size_t longest = 18;
    return id.size() > longest ? std::string{} : std::string{id};
}

std::optional<std::string> numeric_id(std::string_view id)
{
    auto number = normal_number(id);
    return number.empty() ? std::nullopt : std::optional{std::move(number)};
}

} // namespace checkwatches::wire
