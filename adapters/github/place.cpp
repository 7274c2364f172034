#include "adapters/github/place.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::github {
namespace {

constexpr std::string_view home = "github.com";
constexpr std::string_view home_api = "api.github.com";
constexpr std::string_view cloud = ".ghe.com";
// First segments of paths that are no owner: Redmine's /projects/NAME/issues, and what serves no pages.
constexpr std::array<std::string_view, 3> no_owners{"projects", "api", "repos"};

std::vector<std::string_view> segments(std::string_view path)
{
    std::vector<std::string_view> out;
    while (!path.empty()) {
        path.remove_prefix(1); // its slash
        auto const part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size());
        out.push_back(part);
    }
    while (!out.empty() && out.back().empty())
        out.pop_back();
    return out;
}

bool is_name(std::string_view text)
{
    constexpr std::size_t longest = 100;
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
               || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= longest && text != "." && text != ".."
           && std::ranges::all_of(text, fits);
}

bool is_others(std::string_view host)
{
    return host.starts_with("gitlab.") || host == "codeberg.org";
}

web_url api_of(remote const& at)
{
    if (at.api())
        return *at.api();
    web_url root = at.base();
    root.query.clear();
    root.path = "/";
    if (root.host == home)
        root.host = home_api;
    else if (root.host.ends_with(cloud))
        root.host = "api." + root.host;
    else
        root.path = "/api/v3";
    return root;
}

web_url graphql_of(web_url const& root)
{
    web_url out = root;
    while (out.path.ends_with('/'))
        out.path.pop_back();
    constexpr std::string_view version = "/v3";
    if (out.path.ends_with(version))
        out.path.resize(out.path.size() - version.size());
    return join(out, "graphql");
}

request with_login(place const& where, request rq)
{
    if (where.signed_in)
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "Bearer "};
    return rq;
}

} // namespace

std::optional<place> place_of(remote const& at, bool signed_in)
{
    auto const parts = segments(at.base().path);
    if (parts.size() != 2 || !is_name(parts[0]) || !is_name(parts[1]))
        return std::nullopt;
    place out{.root = api_of(at), .owner = std::string{parts[0]}, .name = std::string{parts[1]}};
    out.graphql = graphql_of(out.root);
    out.signed_in = signed_in;
    return out;
}

std::optional<place> place_of(remote const& at, capabilities const& can)
{
    return place_of(at, at.has_credential() && can.login == by_token);
}

bool asks_graphql(capabilities const& can) noexcept
{
    return can.protocol == by_graphql || can.protocol == by_old_graphql;
}

request get(place const& where, web_url url)
{
    request rq{.url = std::move(url), .on_redirect = request::redirects::ignored};
    rq.headers.emplace_back("Accept", "application/vnd.github+json");
    return with_login(where, std::move(rq));
}

request get(place const& where, std::string_view relative)
{
    return get(where, join(where.root, relative));
}

request post(place const& where, std::string body)
{
    request rq{.method = "POST", .url = where.graphql, .body = std::move(body)};
    rq.headers.emplace_back("Accept", "application/json");
    rq.headers.emplace_back("Content-Type", "application/json");
    return with_login(where, std::move(rq));
}

std::string issue_path(place const& where, std::string_view id)
{
    return where.project() + "/issues/" + std::string{id};
}

std::optional<std::string> normal_id(std::string_view id)
{
    constexpr std::string_view largest = "2147483647";
    auto number = wire::normal_number(id);
    bool const fits = number.size() < largest.size()
                      || (number.size() == largest.size() && number <= largest);
    if (number.empty() || !fits)
        return std::nullopt;
    return number;
}

std::optional<bug_ref> recognise(web_url const& url)
{
    auto parts = segments(url.path);
    bool const is_api = url.host == home_api && !parts.empty() && parts[0] == "repos";
    if (is_api)
        parts.erase(parts.begin());
    if (parts.size() < 4 || !is_name(parts[0]) || !is_name(parts[1]) || is_others(url.host))
        return std::nullopt;
    bool const is_issue = parts[2] == "issues" && (is_api || parts.size() == 4);
    bool const is_pull = parts[2] == (is_api ? "pulls" : "pull"); // behind it: /files, /commits
    bool const has_number = wire::is_number(parts[3].substr(0, 1));
    if ((!is_issue && !is_pull) || !has_number
        || std::ranges::find(no_owners, wire::lower(parts[0])) != no_owners.end())
        return std::nullopt;
    bug_ref out{.base = url, .remote_id = normal_id(parts[3]).value_or(std::string{parts[3]})};
    out.base.query.clear();
    // GitHub knows a project by its name in any case.
    out.base.path = "/" + wire::lower(parts[0]) + "/" + wire::lower(parts[1]);
    if (is_api || url.host == home || url.host == "www.github.com")
        out.base = web_url{.scheme = "https", .host = std::string{home}, .port = 443, .path = out.base.path};
    return out;
}

} // namespace checkwatches::adapters::github
