#include "adapters/described/address.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::described {
namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t shortest_hash = 4;
constexpr std::string_view base_slot = "{base}";
constexpr std::string_view id_slot = "{id}";
constexpr std::array<std::string_view, 5> known_slots{"{base}", "{api}", "{origin}", "{id}", "{ids}"};

bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_'
           || c == '-';
}

std::string without_last_slash(web_url const& url)
{
    auto out = web_url{.scheme = url.scheme, .host = url.host, .port = url.port, .path = url.path}.text();
    while (out.ends_with('/'))
        out.pop_back();
    return out;
}

} // namespace

std::optional<std::string> normal_id(id_form form, std::string_view text)
{
    if (form == id_form::number)
        return wire::numeric_id(text);
    std::string out{wire::trimmed(text)};
    if (form == id_form::hex)
        out = wire::lower(out);
    auto const least = form == id_form::hex ? shortest_hash : 1;
    if (out.size() < least || out.size() > longest_id
        || !std::ranges::all_of(out, form == id_form::hex ? is_hex : is_name))
        return std::nullopt;
    return out;
}

bool is_same_id(id_form form, std::string_view asked, std::string_view given) noexcept
{
    return form == id_form::hex ? given.starts_with(asked) : given == asked;
}

std::optional<address_pattern> address_pattern::parse(std::string_view text)
{
    address_pattern out;
    std::string rest;
    bool const of_any = text.starts_with(base_slot);
    if (text.find('#') != std::string_view::npos || (of_any && text.substr(base_slot.size(), 1) != "/"))
        return std::nullopt;
    if (of_any)
        rest = "https://base.invalid" + std::string{text.substr(base_slot.size())};
    else
        rest = std::string{text};
    // The slots are no characters of a URL.
    auto const query_at = rest.find('?');
    auto const query = query_at == std::string::npos ? std::string{} : rest.substr(query_at + 1);
    auto const url = parse_url(rest.substr(0, rest.find_first_of("?{*")));
    if (!url)
        return std::nullopt;
    auto const path_at = rest.find('/', rest.find("//") + 2);
    auto const path = path_at == std::string::npos ? std::string{} : rest.substr(path_at, query_at - path_at);
    int ids = 0;
    for (auto const segment : forge::path_segments(path)) {
        bool const is_slot = segment.find_first_of("{}*") != std::string_view::npos;
        if (is_slot && segment != id_slot && segment != "*")
            return std::nullopt;
        ids += segment == id_slot ? 1 : 0;
        out.segments_.emplace_back(segment);
    }
    if (!query.empty()) {
        auto const equals = query.find('=');
        if (equals == 0 || equals == std::string::npos || query.substr(equals + 1) != id_slot)
            return std::nullopt;
        out.parameter_ = query.substr(0, equals);
        ++ids;
    }
    if (!of_any) {
        out.root_ = *url;
        out.root_->path = "/";
        out.root_->query.clear();
    }
    return ids == 1 ? std::optional{out} : std::nullopt;
}

std::optional<address_pattern::match> address_pattern::of(web_url const& url) const
{
    auto const path = forge::path_segments(url.path);
    if (path.size() < segments_.size()
        || (root_ && (url.origin() != root_->origin() || path.size() != segments_.size())))
        return std::nullopt;
    auto const before = path.size() - segments_.size();
    match out{.base = forge::at_path(url, forge::path_of(std::span{path}.first(before)))};
    for (std::size_t i = 0; i != segments_.size(); ++i) {
        if (segments_[i] == id_slot)
            out.id = percent_decode(path[before + i]);
        else if (segments_[i] != "*" && segments_[i] != path[before + i])
            return std::nullopt;
    }
    if (!parameter_.empty())
        out.id = url.parameter(parameter_).value_or("");
    return out.id.empty() ? std::nullopt : std::optional{out};
}

web_url address_pattern::make(web_url const& base, std::string_view id) const
{
    std::string relative;
    for (auto const& segment : segments_) {
        relative += relative.empty() ? "" : "/";
        relative += segment == id_slot ? percent_encode(id) : segment == "*" ? "-" : segment;
    }
    if (!parameter_.empty())
        relative += "?" + parameter_ + "=" + percent_encode(id);
    return join(base, relative);
}

result<web_url> expand(std::string_view text, slots const& with)
{
    std::string out;
    while (!text.empty()) {
        auto const open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos)
            break;
        text.remove_prefix(open);
        auto const fill = [&](std::string_view slot, std::string const& value) {
            if (!text.starts_with(slot))
                return false;
            out += value;
            text.remove_prefix(slot.size());
            return true;
        };
        bool const filled = fill("{base}", without_last_slash(with.base))
                            || fill("{api}", without_last_slash(with.api))
                            || fill("{origin}", with.api.origin()) || fill("{id}", percent_encode(with.id))
                            || fill("{ids}", percent_encode(with.ids));
        if (!filled) {
            out += '{';
            text.remove_prefix(1);
        }
    }
    return parse_url(out);
}

std::string unknown_slot(std::string_view text)
{
    for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
        auto const close = text.find('}', open);
        auto const slot = text.substr(open, close == std::string_view::npos ? close : close - open + 1);
        if (std::ranges::find(known_slots, slot) == known_slots.end())
            return std::string{slot};
    }
    return {};
}

} // namespace checkwatches::adapters::described
