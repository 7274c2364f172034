#include "adapters/wire/json.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/control_characters.hpp"

#include <fmt/format.h>

#include <charconv>

namespace checkwatches::wire {
namespace {

constexpr std::size_t deepest = 64;

// A parser for the next document: its buffers are many times as large as a document, and making them anew
// costs more than reading it.
thread_local std::unique_ptr<simdjson::dom::parser> spare;
constexpr std::size_t most_spare = 128 * 1024; // bytes that its documents may have had

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

// Where the first escape begins that may spell what mend() takes out; npos where there is none.
std::size_t find_suspect(std::string_view text)
{
    constexpr auto none = std::string_view::npos;
    for (auto at = text.find('\\'); at != none && at + 1 < text.size(); at = text.find('\\', at + 2)) {
        auto const what = text[at + 1];
        if (what == 'u' || what == 'b' || what == 'f')
            return at;
    }
    return none;
}

// A control character from DEL on, plain.
bool has_late_controls(std::string_view utf8)
{
    for (auto at = utf8.find('\xC2'); at != std::string_view::npos; at = utf8.find('\xC2', at + 1))
        if (at + 1 < utf8.size() && static_cast<unsigned char>(utf8[at + 1]) < 0xA0)
            return true;
    return utf8.find('\x7F') != std::string_view::npos;
}

// The text with a blank for every escape of a control character, and U+FFFD for every one of a lone
// surrogate: simdjson would reject the whole document for one of these, which real trackers do send.
std::string mend(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (auto at = find_suspect(text); at != std::string_view::npos; at = find_suspect(text)) {
        out += text.substr(0, at);
        auto const unit = escape_at(text, at);
        auto length = unit ? 6U : 2U;
        auto const next = unit ? escape_at(text, at + 6) : std::nullopt;
        bool const pair = unit && is_high(*unit) && next && is_low(*next);
        if (pair)
            length = 12;
        if (unit ? is_control_in_text(static_cast<char32_t>(*unit)) : text[at + 1] != 'u')
            out += ' ';
        else if (unit && !pair && (is_high(*unit) || is_low(*unit)))
            out += "\\ufffd";
        else
            out += text.substr(at, length);
        text.remove_prefix(at + length);
    }
    out += text;
    return out;
}

} // namespace

void json_document::put_back::operator()(simdjson::dom::parser* p) const noexcept
{
    std::unique_ptr<simdjson::dom::parser> used{p};
    if (!spare && p->capacity() <= most_spare)
        spare = std::move(used);
}

result<json_document> json_document::parse(std::string_view text)
{
    std::string mended;
    if (find_suspect(text) != std::string_view::npos) {
        mended = mend(text);
        text = mended;
    }
    json_document out;
    auto code = simdjson::SUCCESS;
    if (spare) {
        out.parser_.reset(spare.release());
    }
    else {
        out.parser_.reset(std::make_unique<simdjson::dom::parser>().release());
        code = out.parser_->allocate(text.size(), deepest);
    }
    if (code == simdjson::SUCCESS)
        code = out.parser_->parse(text.data(), text.size()).get(out.root_);
    if (code != simdjson::SUCCESS)
        return error{
            .kind = error_kind::unparsable,
            .message = std::string{"the JSON cannot be read: "} + simdjson::error_message(code)};
    return out;
}

result<json_answer> decode_json(std::string_view bytes, std::string_view content_type)
{
    // simdjson itself refuses what is no UTF-8, and control characters below a blank.
    if (may_be_utf8(content_type) && !has_late_controls(bytes))
        if (auto whole = json_document::parse(bytes))
            return json_answer{.document = std::move(*whole)};
    auto const decoded = decode_text(bytes, content_type);
    auto document = json_document::parse(decoded.text);
    if (!document)
        return document.error();
    return json_answer{.document = std::move(*document), .replaced = decoded.replaced};
}

std::string text_of(json_element const& found)
{
    switch (found.type()) {
    case simdjson::dom::element_type::STRING: return std::string{found.get_string().value_unsafe()};
    case simdjson::dom::element_type::INT64: return fmt::to_string(found.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64: return fmt::to_string(found.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE: return fmt::to_string(found.get_double().value_unsafe());
    default: return {};
    }
}

std::string text_member(json_object const& in, std::string_view key)
{
    json_element found;
    return in.at_key(key).get(found) == simdjson::SUCCESS ? text_of(found) : std::string{};
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
