#include "engine/check/moves.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace checkwatches::check {
namespace {

// Beginnings of a path behind which a gate stands, not the tracker.
constexpr std::array<std::string_view, 8> gates{
    "login", "signin", "sign_in", "sign-in", "sso", "auth", "oauth", "saml"};

// The path without a slash at its end: "" for the root.
std::string_view bare(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return path;
}

bool passes_a_gate(std::string_view path)
{
    while (!path.empty()) {
        path.remove_prefix(1); // its slash
        auto const segment = path.substr(0, path.find('/'));
        if (std::ranges::find(gates, segment) != gates.end())
            return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

// What stands behind the base in the path; nothing where the path is not below it.
std::optional<std::string_view> rest_of(web_url const& base, web_url const& asked)
{
    auto const prefix = bare(base.path);
    std::string_view rest{asked.path};
    if (base.origin() != asked.origin() || !rest.starts_with(prefix))
        return std::nullopt;
    rest.remove_prefix(prefix.size());
    if (!rest.empty() && !rest.starts_with('/'))
        return std::nullopt;
    return rest;
}

} // namespace

std::optional<web_url> moved_base(web_url const& base, web_url const& asked, web_url const& now)
{
    auto const rest = rest_of(base, asked);
    bool const says_something = rest && (!bare(*rest).empty() || !asked.query.empty());
    if (!says_something || now.query != asked.query || (asked.scheme == "https" && now.scheme == "http"))
        return std::nullopt;
    std::string_view prefix{now.path};
    if (!prefix.ends_with(*rest))
        return std::nullopt;
    prefix.remove_suffix(rest->size());
    if (prefix.ends_with('/') || passes_a_gate(prefix))
        return std::nullopt;

    web_url out{.scheme = now.scheme, .host = now.host, .port = now.port, .path = std::string{prefix}};
    if (out.path.empty() || base.path.ends_with('/'))
        out.path += '/';
    bool const stays = out.origin() == base.origin() && bare(out.path) == bare(base.path);
    return stays ? std::nullopt : std::optional{std::move(out)};
}

} // namespace checkwatches::check
