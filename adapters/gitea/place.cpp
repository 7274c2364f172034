#include "adapters/gitea/place.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace checkwatches::adapters::gitea {
namespace {

// Their addresses have the same shape, and they are no Gitea.
constexpr std::array<std::string_view, 3> others{"github.com", "www.github.com", "gitlab.com"};

constexpr std::string_view api_path = "/api/v1";

// Where "issues" or "pulls" stands, with a number behind it; a pull request has pages of its own below that.
std::optional<std::size_t> mark_in(std::vector<std::string_view> const& parts)
{
    auto const n = parts.size();
    if (n >= 4 && (parts[n - 2] == "issues" || parts[n - 2] == "pulls"))
        return n - 2;
    if (n >= 5 && parts[n - 3] == "pulls" && (parts[n - 1] == "files" || parts[n - 1] == "commits"))
        return n - 3;
    return std::nullopt;
}

login_place place_of_credential(bool with_user)
{
    if (with_user)
        return {.place = login_place::where::basic};
    return {.place = login_place::where::header, .name = "Authorization", .prefix = "token "};
}

} // namespace

std::optional<bug_ref> recognise(web_url const& url)
{
    if (std::ranges::find(others, url.host) != others.end())
        return std::nullopt;
    auto const parts = forge::path_segments(url.path);
    auto const mark = mark_in(parts);
    if (!mark || parts[*mark - 1] == "-") // "/-/issues/": GitLab's
        return std::nullopt;
    std::string const id{parts[*mark + 1]};
    auto const number = wire::normal_number(id);
    return bug_ref{
        .base = forge::at_path(url, forge::path_of(std::span{parts}.first(*mark))),
        .remote_id = number.empty() ? id : number};
}

request place::ask(remote const& at, std::string_view relative) const
{
    request rq{.url = join(api, relative), .headers{{"Accept", "application/json"}}};
    if (at.has_credential())
        rq.login = place_of_credential(at.has_user());
    return rq;
}

request place::ask_repository(remote const& at, std::string_view relative) const
{
    return ask(at, fmt::format("repos/{}/{}", repository, relative));
}

std::optional<place> place_of(remote const& at)
{
    auto const parts = forge::path_segments(at.base().path);
    if (parts.size() < 2)
        return std::nullopt;
    auto const n = parts.size();
    auto const root = forge::path_of(std::span{parts}.first(n - 2));
    place out{
        .api = forge::at_path(at.base(), (root == "/" ? "" : root) + std::string{api_path}),
        .repository = fmt::format("{}/{}", parts[n - 2], parts[n - 1])};
    if (at.api())
        out.api = *at.api();
    return out;
}

} // namespace checkwatches::adapters::gitea
