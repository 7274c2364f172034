#include "adapters/wire/json.hpp"

#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::wire {
namespace {

constexpr std::size_t deepest = 64;

// Four hexadecimal digits at `at`; nothing where there are none.
std::optional<unsigned> escape_at(std::string_view text, std::size_t at)
{
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u')
        return std::nullopt;
    unsigned value = 0;
    auto const* const first = text.data() + at + 2;
    auto const read = std::from_chars(first, first + 4, value, 16);
    if (read.ec != std::errc{} || read.ptr != first + 4)
        return std::nullopt;
    return value;
}

bool is_high(unsigned unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low(unsigned unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

// simdjson rejects a whole document for one escaped lone surrogate, which real trackers do send.
std::string without_lone_surrogates(std::string_view text)
{
    std::string out{text};
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        if (out[i] != '\\')
            continue;
        auto const unit = escape_at(out, i);
        if (!unit) {
            ++i; // the escaped character is no start of another escape
            continue;
        }
        auto const next = escape_at(out, i + 6);
        if (is_high(*unit) && next && is_low(*next))
            i += 11;
        else {
            if (is_high(*unit) || is_low(*unit))
                out.replace(i + 2, 4, "fffd");
            i += 5;
        }
    }
    return out;
}

} // namespace

result<json_document> json_document::parse(std::string_view text)
{
    json_document out;
    out.parser_ = std::make_unique<simdjson::dom::parser>();
    auto code = out.parser_->allocate(text.size(), deepest);
    if (code == simdjson::SUCCESS)
        code = out.parser_->parse(text.data(), text.size()).get(out.root_);
    if (code == simdjson::STRING_ERROR) {
        auto const mended = without_lone_surrogates(text);
        code = out.parser_->parse(mended.data(), mended.size()).get(out.root_);
    }
    if (code != simdjson::SUCCESS)
        return error{
            .kind = error_kind::unparsable,
            .message = std::string{"the JSON cannot be read: "} + simdjson::error_message(code)};
    return out;
}

std::string text_member(json_object const& in, std::string_view key)
{
    json_element found;
    if (in.at_key(key).get(found) != simdjson::SUCCESS)
        return {};
    switch (found.type()) {
    case simdjson::dom::element_type::STRING: return without_controls(found.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64: return fmt::to_string(found.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64: return fmt::to_string(found.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE: return fmt::to_string(found.get_double().value_unsafe());
    default: return {};
    }
}

std::optional<std::int64_t> integer_member(json_object const& in, std::string_view key)
{
    json_element found;
    if (in.at_key(key).get(found) != simdjson::SUCCESS)
        return std::nullopt;
    if (found.is_int64())
        return found.get_int64().value_unsafe();
    std::string_view text;
    if (found.get_string().get(text) != simdjson::SUCCESS)
        return std::nullopt;
    std::int64_t value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<bool> flag_member(json_object const& in, std::string_view key)
{
    bool value = false;
    if (in.at_key(key).get_bool().get(value) != simdjson::SUCCESS)
        return std::nullopt;
    return value;
}

std::optional<json_array> array_member(json_object const& in, std::string_view key)
{
    json_array value;
    if (in.at_key(key).get_array().get(value) != simdjson::SUCCESS)
        return std::nullopt;
    return value;
}

std::optional<json_object> object_member(json_object const& in, std::string_view key)
{
    json_object value;
    if (in.at_key(key).get_object().get(value) != simdjson::SUCCESS)
        return std::nullopt;
    return value;
}

} // namespace checkwatches::wire
