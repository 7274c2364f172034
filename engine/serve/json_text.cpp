#include "engine/serve/json_text.hpp"

#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace checkwatches::serve {
namespace {

bool needs_escape(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

} // namespace

// Hardly any text needs an escape, and Boost's serializer costs many times a plain copy.
void append_json_string(std::string& out, std::string_view text)
{
    if (std::ranges::any_of(text, needs_escape)) {
        out += boost::json::serialize(text);
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

void append_number(std::string& out, std::int64_t n)
{
    fmt::format_int const digits{n};
    out.append(digits.data(), digits.size());
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
