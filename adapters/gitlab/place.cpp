#include "adapters/gitlab/place.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace checkwatches::adapters::gitlab {
namespace {

using parts = std::vector<std::string_view>;

constexpr std::string_view api_path = "/api/v4";
constexpr std::array<std::pair<supplement, std::string_view>, 3> protocol_words{{
    {supplement::none, "rest"},
    {supplement::links, "rest+graphql"},
    {supplement::status, "rest+status"},
}};
// Of other forges whose addresses have the old shape.
constexpr std::array<std::string_view, 4> foreign_hosts{
    "github.com", "www.github.com", "sourceforge.net", "www.sourceforge.net"};
constexpr std::array<std::string_view, 3> item_lists{"issues", "work_items", "incidents"};

// "/a/b" of the first of them; empty of none.
std::string joined(parts const& of, std::size_t count)
{
    return count == 0 ? std::string{} : forge::path_of(std::span{of}.first(count));
}

// What GitLab lets a group or a project be called in an address.
bool is_name(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
               || c == '_' || c == '.';
    });
}

bool is_item_list(std::string_view segment)
{
    return std::ranges::find(item_lists, segment) != item_lists.end();
}

bug_ref found(web_url const& url, std::string path, std::string_view id)
{
    return bug_ref{
        .base = forge::at_path(url, std::move(path)),
        .remote_id = normal_id(id).value_or(percent_decode(id))};
}

// group/project/-/issues/N
std::optional<bug_ref> recognise_page(web_url const& url, parts const& in)
{
    auto const mark = static_cast<std::size_t>(std::ranges::find(in, "-") - in.begin());
    if (mark < 2 || mark + 2 >= in.size() || in[0] == "groups" || !is_item_list(in[mark + 1]))
        return std::nullopt;
    auto const id = in[mark + 2] == "incident" ? mark + 3 : mark + 2;
    if (id >= in.size() || in[id] == "new")
        return std::nullopt;
    return found(url, joined(in, mark), in[id]);
}

// group/project/issues/N
std::optional<bug_ref> recognise_old(web_url const& url, parts const& in)
{
    bool const is_foreign = std::ranges::find(foreign_hosts, url.host) != foreign_hosts.end();
    if (is_foreign || in.size() < 4 || in[in.size() - 2] != "issues" || in[in.size() - 4] == "projects"
        || !normal_id(in.back()) || !wire::is_number(in.back()))
        return std::nullopt;
    return found(url, joined(in, in.size() - 2), in.back());
}

// api/v4/projects/group%2Fproject/issues/N
std::optional<bug_ref> recognise_api(web_url const& url, parts const& in)
{
    auto const mark = static_cast<std::size_t>(std::ranges::find(in, "api") - in.begin());
    if (mark + 6 != in.size() || in[mark + 1] != "v4" || in[mark + 2] != "projects"
        || in[mark + 4] != "issues")
        return std::nullopt;
    auto const project = percent_decode(in[mark + 3]);
    if (forge::path_segments(project).size() < 2)
        return std::nullopt; // a number: which project that is only the server knows
    return found(url, joined(in, mark) + "/" + project, in[mark + 5]);
}

} // namespace

protocol protocol::read(std::string_view text)
{
    auto const word = text.substr(0, text.find(' '));
    protocol out;
    for (auto const& [more, name] : protocol_words)
        if (word == name)
            out.more = more;
    if (word.size() < text.size())
        out.prefix = text.substr(word.size() + 1);
    return out;
}

std::string protocol::text() const
{
    std::string out;
    for (auto const& [which, name] : protocol_words)
        if (which == more)
            out = name;
    return prefix.empty() ? out : out + " " + prefix;
}

std::optional<std::string> path_name(std::string_view path)
{
    auto const names = forge::path_segments(path);
    if (names.size() < 2 || !std::ranges::all_of(names, is_name))
        return std::nullopt;
    return joined(names, names.size()).substr(1);
}

web_url place::of_project(std::string_view relative) const
{
    return join(rest, "projects/" + percent_encode(project) + std::string{relative});
}

place place_of(remote const& at, std::string_view prefix)
{
    auto const base = project_page(at.base());
    auto root = at.api().value_or(base);
    root.query.clear();
    if (at.api()) {
        prefix = forge::without_slash(at.api()->path);
        if (prefix.ends_with(api_path))
            prefix.remove_suffix(api_path.size());
    }
    place out{.rest = root, .graphql = root};
    out.rest.path = at.api() ? std::string{forge::without_slash(at.api()->path)}
                             : std::string{prefix} + std::string{api_path};
    out.graphql.path = std::string{prefix} + "/api/graphql";
    std::string_view path{base.path};
    if (!prefix.empty() && path.starts_with(prefix) && path.substr(prefix.size()).starts_with('/'))
        path.remove_prefix(prefix.size());
    out.project = path_name(path).value_or(std::string{});
    return out;
}

std::vector<std::string> possible_prefixes(remote const& at)
{
    constexpr std::size_t deepest = 3;
    std::vector<std::string> out{""};
    if (at.api())
        return out;
    auto const page = project_page(at.base());
    auto const names = forge::path_segments(page.path);
    for (std::size_t count = 1; count <= deepest && count + 2 <= names.size(); ++count)
        out.push_back(joined(names, count));
    return out;
}

std::optional<bug_ref> recognise(web_url const& url)
{
    auto const in = forge::path_segments(url.path);
    if (auto page = recognise_page(url, in))
        return page;
    if (auto api = recognise_api(url, in))
        return api;
    return recognise_old(url, in);
}

std::optional<std::string> normal_id(std::string_view id)
{
    auto number = wire::normal_number(percent_decode(id));
    if (number.empty() || std::stoll(number) > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
    return number;
}

web_url web_page(web_url const& base, std::string_view id)
{
    return join(project_page(base), "-/issues/" + percent_encode(percent_decode(id)));
}

web_url project_page(web_url base)
{
    auto names = forge::path_segments(base.path);
    bool const lists_items = names.size() > 2 && is_item_list(names.back());
    if (lists_items)
        names.pop_back();
    if (names.size() > 2 && names.back() == "-")
        names.pop_back();
    auto path = forge::path_of(names);
    return forge::at_path(std::move(base), std::move(path));
}

} // namespace checkwatches::adapters::gitlab
