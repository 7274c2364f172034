#include "engine/serve/api/arguments.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace checkwatches::serve {
namespace {

constexpr std::int64_t farthest_row = 10'000'000; // that a list can go on behind

namespace json = boost::json;

constexpr std::size_t deepest = 8;

error wrong(std::string what)
{
    return error{.kind = error_kind::usage, .message = std::move(what)};
}

std::string listed(std::set<std::string, std::less<>> const& names)
{
    std::string out;
    for (auto const& name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out.empty() ? "none" : out;
}

result<json::value> parse(std::string_view text)
{
    json::parse_options const bounded{.max_depth = deepest};
    error_code ec;
    auto document = json::parse(text, ec, {}, bounded);
    if (ec)
        return wrong(fmt::format("no JSON: {}", ec.message()));
    return document;
}

} // namespace

std::optional<std::string> arguments::text(std::string_view name)
{
    taken_.emplace(name);
    auto const found = std::ranges::find(query_, name, &http_fields::value_type::first);
    if (found == query_.end())
        return std::nullopt;
    return found->second;
}

bool arguments::flag(std::string_view name)
{
    auto const value = text(name);
    if (value && *value != "1" && *value != "true" && *value != "0" && *value != "false")
        complain(fmt::format("\"{}\" must be 1 or 0", name));
    return value && (*value == "1" || *value == "true");
}

std::optional<std::int64_t> arguments::number(std::string_view name)
{
    auto const value = text(name);
    if (!value)
        return std::nullopt;
    std::int64_t out = 0;
    auto const* const end = value->data() + value->size();
    auto const [stop, ec] = std::from_chars(value->data(), end, out);
    if (ec != std::errc{} || stop != end || out < 0) {
        complain(fmt::format("\"{}\" must be a whole number that is not negative", name));
        return std::nullopt;
    }
    return out;
}

std::optional<outcome> arguments::how(std::string_view name)
{
    auto const value = text(name);
    if (!value)
        return std::nullopt;
    auto const known = parse_outcome(*value);
    if (!known)
        complain(fmt::format("\"{}\" must be an outcome, like \"timeout\"", name));
    return known;
}

std::optional<std::string>
arguments::one_of(std::string_view name, std::initializer_list<std::string_view> words)
{
    auto value = text(name);
    if (value && std::ranges::find(words, *value) == words.end())
        complain(fmt::format("\"{}\" must be one of {}", name, fmt::join(words, ", ")));
    return value;
}

std::int64_t arguments::limit()
{
    auto const value = number("limit");
    if (value && (*value == 0 || *value > most_rows))
        complain(fmt::format("\"limit\" must be 1 to {}", most_rows));
    return value.value_or(usual_rows);
}

std::optional<json::array> arguments::cursor(std::size_t parts)
{
    auto const value = text("after");
    if (!value)
        return std::nullopt;
    auto out = read_cursor(*value);
    if (!out || out->size() != parts) {
        complain("\"after\" must be what an answer named as \"next\"");
        return std::nullopt;
    }
    return out;
}

std::int64_t arguments::offset()
{
    auto const key = cursor(1);
    if (!key)
        return 0;
    auto const* const rows = key->front().if_int64();
    if (rows == nullptr || *rows < 0 || *rows > farthest_row) {
        complain("\"after\" must be what an answer named as \"next\"");
        return 0;
    }
    return *rows;
}

void arguments::complain(std::string what)
{
    if (!trouble_)
        trouble_ = wrong(std::move(what));
}

result<void> arguments::finish()
{
    std::set<std::string_view> seen;
    for (auto const& [name, value] : query_) {
        if (!taken_.contains(name))
            complain(fmt::format("unknown argument \"{}\"; there are: {}", name, listed(taken_)));
        if (!seen.insert(name).second)
            complain(fmt::format("the argument \"{}\" comes twice", name));
    }
    if (trouble_)
        return *trouble_;
    return {};
}

std::string make_cursor(json::array const& key)
{
    return boost::algorithm::hex_lower(std::string{json::serialize(key)});
}

std::optional<json::array> read_cursor(std::string_view text)
{
    std::string decoded;
    try {
        boost::algorithm::unhex(text, std::back_inserter(decoded));
    }
    catch (boost::algorithm::hex_decode_error const&) {
        return std::nullopt;
    }
    auto const value = parse(decoded);
    if (!value || !value->is_array())
        return std::nullopt;
    return value->as_array();
}

result<members> members::of(std::string_view body)
{
    members out;
    if (body.empty())
        return out;
    auto value = parse(body);
    if (!value)
        return wrong("the body is " + value.error().message);
    if (!value->is_object())
        return wrong("the body must be a JSON object");
    out.in_ = std::move(value->as_object());
    return out;
}

json::value const* members::take(std::string_view name)
{
    taken_.emplace(name);
    auto const* const value = in_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> members::text(std::string_view name)
{
    auto const* const value = take(name);
    if (value == nullptr)
        return std::nullopt;
    if (auto const* const text = value->if_string())
        return std::string{text->data(), text->size()};
    complain(fmt::format("\"{}\" must be a text", name));
    return std::nullopt;
}

std::string members::need_text(std::string_view name)
{
    auto out = text(name);
    if (!out || out->empty())
        complain(fmt::format("the body needs \"{}\", a text", name));
    return out.value_or("");
}

std::optional<bool> members::flag(std::string_view name)
{
    auto const* const value = take(name);
    if (value == nullptr)
        return std::nullopt;
    if (auto const* const flag = value->if_bool())
        return *flag;
    complain(fmt::format("\"{}\" must be true or false", name));
    return std::nullopt;
}

std::optional<std::int64_t> members::whole(std::string_view name)
{
    auto const* const value = take(name);
    if (value == nullptr)
        return std::nullopt;
    if (auto const* const number = value->if_int64(); number != nullptr && *number >= 0)
        return *number;
    complain(fmt::format("\"{}\" must be a whole number that is not negative", name));
    return std::nullopt;
}

std::optional<double> members::number(std::string_view name)
{
    auto const* const value = take(name);
    if (value == nullptr)
        return std::nullopt;
    error_code ec;
    auto const out = value->to_number<double>(ec);
    if (!ec)
        return out;
    complain(fmt::format("\"{}\" must be a number", name));
    return std::nullopt;
}

std::optional<std::vector<std::string>> members::texts(std::string_view name)
{
    auto const* const value = take(name);
    if (value == nullptr)
        return std::nullopt;
    std::vector<std::string> out;
    bool all_texts = value->is_array();
    if (all_texts)
        for (auto const& item : value->get_array()) {
            auto const* const text = item.if_string();
            all_texts = all_texts && text != nullptr;
            if (text != nullptr)
                out.emplace_back(text->data(), text->size());
        }
    if (all_texts)
        return out;
    complain(fmt::format("\"{}\" must be a list of texts", name));
    return std::nullopt;
}

void members::complain(std::string what)
{
    if (!trouble_)
        trouble_ = wrong(std::move(what));
}

result<void> members::finish()
{
    for (auto const& member : in_)
        if (std::string_view const key = member.key(); !taken_.contains(key))
            complain(fmt::format("unknown member \"{}\"; there are: {}", key, listed(taken_)));
    if (trouble_)
        return *trouble_;
    return {};
}

} // namespace checkwatches::serve
