#include "engine/serve/json_text.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace checkwatches::serve {
namespace {

bool needs_escape(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\b': out += "\\b"; break;
    case '\f': out += "\\f"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 0xFU];
    }
}

} // namespace

void append_json_string(std::string& out, std::string_view text)
{
    out += '"';
    std::size_t plain = 0; // from here on nothing was copied
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (!needs_escape(text[i]))
            continue;
        out += text.substr(plain, i - plain);
        append_escaped(out, text[i]);
        plain = i + 1;
    }
    out += text.substr(plain);
    out += '"';
}

void append_number(std::string& out, std::int64_t n)
{
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    out.append(digits.data(), end);
}

json_text& json_text::add(std::string_view key, std::string_view text)
{
    begin(key);
    append_json_string(out_, text);
    return *this;
}

json_text& json_text::add_json(std::string_view key, std::string_view value)
{
    begin(key);
    out_ += value;
    return *this;
}

json_text& json_text::add_number(std::string_view key, std::int64_t n)
{
    begin(key);
    append_number(out_, n);
    return *this;
}

std::string json_text::text() &&
{
    out_ += '}';
    return std::move(out_);
}

void json_text::begin(std::string_view key)
{
    if (out_.size() > 1)
        out_ += ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
}

} // namespace checkwatches::serve
