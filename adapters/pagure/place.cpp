#include "adapters/pagure/place.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters::pagure {
namespace {

constexpr std::string_view api_path = "/api/0";

// "pear", "plum/pear", "fork/jo/pear", "fork/jo/plum/pear".
bool is_project(std::vector<std::string_view> const& parts, std::size_t count)
{
    if (count != 0 && parts[0] == "fork")
        return count == 3 || count == 4;
    return count == 1 || count == 2;
}

} // namespace

std::optional<bug_ref> recognise(web_url const& url)
{
    auto const parts = forge::path_segments(url.path);
    if (parts.size() < 3)
        return std::nullopt;
    auto const mark = parts.size() - 2;
    if (parts[mark] != "issue" || !is_project(parts, mark))
        return std::nullopt;
    std::string const id{parts.back()};
    auto const number = wire::normal_number(id);
    return bug_ref{
        .base = forge::at_path(url, forge::path_of(std::span{parts}.first(mark))),
        .remote_id = number.empty() ? id : number};
}

request place::ask(remote const& at, std::string_view relative) const
{
    request rq{.url = join(api, relative), .headers{{"Accept", "application/json"}}};
    if (at.has_credential())
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "token "};
    return rq;
}

request place::ask_project(remote const& at, std::string_view relative) const
{
    return ask(at, project + (relative.empty() ? "" : "/") + std::string{relative});
}

web_url place::page_of(web_url const& asked) const
{
    auto path = asked.path;
    auto const at = path.find(api_path);
    if (at != std::string::npos)
        path.erase(at, api_path.size());
    return forge::at_path(asked, std::move(path));
}

std::optional<place> place_of(remote const& at)
{
    place out{.api = at.api() ? *at.api() : forge::at_path(at.base(), std::string{api_path})};
    std::string_view path = at.base().path;
    // A Pagure below a path is one whose API was given there.
    auto root = forge::without_slash(out.api.path);
    if (root.ends_with(api_path) && out.api.origin() == at.base().origin()) {
        root.remove_suffix(api_path.size());
        if (path.starts_with(root))
            path.remove_prefix(root.size());
    }
    auto const parts = forge::path_segments(path);
    if (!is_project(parts, parts.size()))
        return std::nullopt;
    out.project = forge::path_of(parts).substr(1);
    return out;
}

} // namespace checkwatches::adapters::pagure
