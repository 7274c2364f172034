#include "engine/serve/http/target.hpp"

#include "engine/core/ascii.hpp"
#include "engine/core/control_characters.hpp"
#include "engine/serve/http/escapes.hpp"
#include "engine/serve/http/take_until.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace checkwatches::serve {
namespace {

refusal bad(std::string_view detail)
{
    return refusal{400, std::string{detail}};
}

// Anything else would be read in one way by us and in another by a proxy before us.
bool belongs_into_target(char c) noexcept
{
    auto const byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '#' && c != '\\';
}

std::optional<refusal> read_path(std::string_view path, std::vector<std::string>& parts)
{
    path.remove_prefix(1);
    while (!path.empty()) {
        auto part = decode_escapes(take_until(path, '/'), false);
        if (!part)
            return bad("the path has a broken escape, or is no UTF-8");
        if (part->empty() || *part == "." || *part == "..")
            return bad("a part of the path is empty, \".\" or \"..\"");
        // An escaped slash is part of a name: trackers are called "gitlab.gnome.org/GNOME/gtk".
        if (part->find('\\') != std::string::npos || std::ranges::any_of(*part, is_control))
            return bad("a part of the path holds a backslash or a control character");
        parts.push_back(std::move(*part));
    }
    return std::nullopt;
}

std::optional<refusal> read_query(std::string_view query, std::size_t most, http_fields& out)
{
    // A piece between two "&" is an argument at most.
    if (static_cast<std::size_t>(std::ranges::count(query, '&')) >= most)
        return bad(fmt::format("there are more than {} arguments", most));
    auto fields = read_form(query);
    if (!fields)
        return bad("the query has a broken escape, or is no UTF-8");
    out = std::move(*fields);
    return std::nullopt;
}

// Takes "http://authority" off a target in absolute form.
or_refusal<std::string> take_authority(std::string_view& target)
{
    auto const scheme = target.substr(0, target.find("://"));
    bool const is_web = same_word(scheme, "http") || same_word(scheme, "https");
    if (!is_web || scheme.size() == target.size())
        return bad("the target is neither a path nor an address of ours");
    target.remove_prefix(scheme.size() + 3);
    std::string authority{target.substr(0, target.find_first_of("/?"))};
    target.remove_prefix(authority.size());
    if (authority.empty())
        return bad("the target names no host");
    return authority;
}

} // namespace

or_refusal<request_target> read_target(std::string_view target, std::size_t most_arguments)
{
    if (target.empty() || !std::ranges::all_of(target, belongs_into_target))
        return bad("the target holds characters that must be escaped");
    request_target out;
    if (target.front() != '/') {
        auto authority = take_authority(target);
        if (!authority)
            return authority.error();
        out.authority = std::move(*authority);
    }
    auto const path = target.substr(0, target.find('?'));
    auto const query = target.substr(std::min(path.size() + 1, target.size()));
    out.path = path.empty() ? "/" : std::string{path};
    if (auto const wrong = read_path(out.path, out.parts))
        return *wrong;
    if (auto const wrong = read_query(query, most_arguments, out.query))
        return *wrong;
    return out;
}

} // namespace checkwatches::serve
