#include "engine/serve/pages/render.hpp"

#include "engine/core/control_characters.hpp"
#include "engine/serve/pages/assets.hpp"
#include "engine/serve/pages/text.hpp"

#include <boost/json/value.hpp>

#include <kainjow/mustache.hpp>
#include <map>
#include <stdexcept>

namespace checkwatches::serve::view {
namespace {

namespace json = boost::json;
namespace mustache = kainjow::mustache;

constexpr std::string_view suffix = ".mustache";

// As U+FFFD where it has no place in HTML.
void append_escaped(std::string& out, char c)
{
    switch (c) {
    case '&': out += "&amp;"; return;
    case '<': out += "&lt;"; return;
    case '>': out += "&gt;"; return;
    case '"': out += "&quot;"; return;
    case '\'': out += "&#39;"; return;
    default: break;
    }
    if (is_control(c) && c != '\n' && c != '\t')
        out += "\xef\xbf\xbd";
    else
        out += c;
}

std::string escape(std::string const& text)
{
    std::string out;
    out.reserve(text.size() + 16);
    for (auto const c : text)
        append_escaped(out, c);
    return out;
}

mustache::data data_of(json::value const& from);

mustache::data data_of(json::object const& from)
{
    mustache::data out{mustache::data::type::object};
    for (auto const& field : from)
        out[std::string{field.key()}] = data_of(field.value());
    return out;
}

mustache::data data_of(json::array const& from)
{
    mustache::list out;
    out.reserve(from.size());
    for (auto const& one : from)
        out.push_back(data_of(one));
    return mustache::data{out};
}

mustache::data data_of(json::value const& from)
{
    switch (from.kind()) {
    case json::kind::object: return data_of(from.get_object());
    case json::kind::array: return data_of(from.get_array());
    case json::kind::string:
        if (from.get_string().empty())
            return mustache::data{false};
        return mustache::data{std::string{std::string_view{from.get_string()}}};
    case json::kind::bool_: return mustache::data{from.get_bool()};
    case json::kind::int64: return mustache::data{grouped(from.get_int64())};
    case json::kind::uint64: return mustache::data{grouped(static_cast<std::int64_t>(from.get_uint64()))};
    default: return mustache::data{false};
    }
}

std::string text_of(std::string_view name)
{
    auto const* const found = find_asset(std::string{name} + std::string{suffix});
    if (found == nullptr)
        throw std::logic_error{"no template " + std::string{name}};
    return std::string{found->text};
}

// Without what indents the lines: the engine takes each blank for a part of its own.
std::string without_indent(std::string_view text)
{
    std::string out;
    bool at_start = true;
    for (auto const c : text) {
        if (at_start && (c == ' ' || c == '\n'))
            continue;
        out += c;
        at_start = c == '\n';
    }
    return out;
}

// Templates that are named in it ({{>time}}) are put in their place once and for all: the engine would parse
// them each time.
std::string expanded(std::string text, std::string const& content)
{
    constexpr std::string_view opening = "{{>";
    for (std::size_t at = 0; (at = text.find(opening, at)) != std::string::npos;) {
        auto const end = text.find("}}", at);
        if (end == std::string::npos)
            break;
        auto const name = text.substr(at + opening.size(), end - at - opening.size());
        auto part = text_of(name == "content" ? content : name);
        if (part.ends_with('\n'))
            part.pop_back();
        text.replace(at, end + 2 - at, part);
    }
    return text;
}

mustache::mustache parse(std::string_view page)
{
    auto const whole = expanded(text_of("frame"), std::string{page});
    if (whole.find("{{{") != std::string::npos || whole.find("{{&") != std::string::npos)
        throw std::logic_error{"a template that does not escape: " + std::string{page}};
    mustache::mustache out{without_indent(whole)};
    if (!out.is_valid())
        throw std::logic_error{"template " + std::string{page} + ": " + out.error_message()};
    out.set_custom_escape(escape);
    return out;
}

// Those of pages: the others are parts.
std::map<std::string, mustache::mustache, std::less<>> parse_all()
{
    std::map<std::string, mustache::mustache, std::less<>> out;
    for (auto const& one : all_assets()) {
        bool const is_page = one.name.ends_with(suffix) && !one.name.starts_with("_")
                             && one.name != std::string{"frame"} + std::string{suffix};
        if (!is_page)
            continue;
        auto const name = one.name.substr(0, one.name.size() - suffix.size());
        out.emplace(name, parse(name));
    }
    return out;
}

} // namespace

std::string render(std::string_view name, json::object const& model)
{
    // Rendering only reads a template without partials and lambdas, though it is not const.
    static auto all = parse_all();
    auto const found = all.find(name);
    if (found == all.end())
        throw std::logic_error{"no page " + std::string{name}};
    std::string out;
    out.reserve(std::size_t{32} * 1024);
    found->second.render(data_of(model), [&](std::string const& part) { out += part; });
    return out;
}

} // namespace checkwatches::serve::view
