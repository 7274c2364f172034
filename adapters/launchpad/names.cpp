#include "adapters/launchpad/names.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::launchpad {
namespace {

constexpr std::string_view bug_mark = "/+bug/";
constexpr std::string_view home = "launchpad.net";
// First labels of hosts that are one Launchpad with the host behind them.
constexpr std::array<std::string_view, 8> facets{
    "bugs", "www", "api", "code", "answers", "blueprints", "translations", "feeds"};
constexpr std::array<std::string_view, 3> api_versions{"devel", "beta", "1.0"};

std::vector<std::string_view> segments(std::string_view path)
{
    std::vector<std::string_view> out;
    while (!path.empty()) {
        auto const part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (!part.empty())
            out.push_back(part);
    }
    return out;
}

bool is_name(std::string_view segment)
{
    return std::ranges::all_of(segment, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'
               || c == '_' || c == '~';
    });
}

// "ubuntu/+source/avahi" in its one spelling (names are lower case there); empty where it is none.
std::string normal_target(std::string_view path)
{
    constexpr std::size_t deepest = 6;
    constexpr std::size_t longest = 200;
    auto const lower = wire::lower(path);
    auto const parts = segments(lower);
    if (parts.empty() || parts.size() > deepest || lower.size() > longest
        || !std::ranges::all_of(parts, is_name))
        return {};
    std::string out;
    for (auto const part : parts)
        out.append(out.empty() ? "" : "/").append(part);
    return out;
}

bool is_launchpad(std::string_view host)
{
    return host == home || host.ends_with(".launchpad.net");
}

bool has_name(std::string_view host)
{
    bool const address = host.find_first_not_of("0123456789.") == std::string_view::npos
                         || host.find(':') != std::string_view::npos;
    return !address && host != "localhost";
}

std::string without_facet(std::string_view host)
{
    auto const dot = host.find('.');
    if (dot != std::string_view::npos && std::ranges::find(facets, host.substr(0, dot)) != facets.end())
        host.remove_prefix(dot + 1);
    return std::string{host};
}

std::string_view without_version(std::string_view path)
{
    while (path.starts_with('/'))
        path.remove_prefix(1);
    auto const first = path.substr(0, path.find('/'));
    if (std::ranges::find(api_versions, first) != api_versions.end())
        path.remove_prefix(first.size());
    return path;
}

// Nothing in it that a URL would be taken apart by, or could not hold.
bool is_plain_path(std::string_view path)
{
    return std::ranges::all_of(path, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/'
               || c == '+' || c == '-' || c == '.' || c == '_' || c == '~';
    });
}

// The id that a path names, as it is written there; empty where it names none.
std::string id_in(std::string_view path, bool at_launchpad)
{
    auto parts = segments(path);
    auto const mark = std::ranges::find(parts, "+bug");
    if (mark != parts.end() && mark != parts.begin() && mark + 1 != parts.end()
        && !mark[1].starts_with('+')) {
        std::string out;
        for (auto part = parts.begin(); part != mark + 2; ++part)
            out.append(out.empty() ? "" : "/").append(*part);
        return out;
    }
    if (at_launchpad && !parts.empty() && parts[0] == "malone")
        parts.erase(parts.begin());
    bool const bare = parts.size() >= 2 && parts[0] == "bugs" && !wire::normal_number(parts[1]).empty();
    if (!bare || (parts.size() > 2 && !at_launchpad))
        return {};
    return std::string{parts[1]};
}

// The task that a path below the root of the API names; empty where it names none.
std::string task_in(std::string_view path)
{
    while (path.starts_with('/'))
        path.remove_prefix(1);
    return path.find(bug_mark) == std::string_view::npos ? std::string{}
                                                         : normal_id(path).value_or(std::string{});
}

} // namespace

std::optional<std::string> normal_id(std::string_view id)
{
    auto const text = percent_decode(wire::trimmed(id));
    if (auto number = wire::normal_number(text); !number.empty())
        return number;
    auto const mark = text.find(bug_mark);
    if (mark == std::string::npos)
        return std::nullopt;
    auto const number = wire::normal_number(std::string_view{text}.substr(mark + bug_mark.size()));
    auto const target = normal_target(std::string_view{text}.substr(0, mark));
    if (number.empty() || target.empty())
        return std::nullopt;
    return target + std::string{bug_mark} + number;
}

std::string bug_number(std::string const& id)
{
    auto const mark = id.find(bug_mark);
    return mark == std::string::npos ? id : id.substr(mark + bug_mark.size());
}

std::string target_of(std::string const& id)
{
    auto const mark = id.find(bug_mark);
    return mark == std::string::npos ? std::string{} : id.substr(0, mark);
}

std::string pillar_of(std::string const& id)
{
    auto const target = target_of(id);
    return target.substr(0, target.find('/'));
}

std::optional<bug_ref> recognise(web_url const& url)
{
    bug_ref out{.base = url};
    out.base.path = "/";
    out.base.query.clear();
    std::string id;
    if (url.host == "pad.lv") {
        auto const parts = segments(url.path);
        if (parts.size() == 1)
            id = wire::normal_number(parts[0]);
        out.base.host = home;
    }
    else {
        bool const of_api = is_launchpad(url.host) && url.host.starts_with("api.");
        id = id_in(of_api ? without_version(url.path) : std::string_view{url.path}, is_launchpad(url.host));
        if (is_launchpad(url.host))
            out.base.host = without_facet(url.host);
    }
    if (id.empty())
        return std::nullopt;
    if (is_launchpad(out.base.host)) {
        out.base.scheme = "https";
        out.base.port = 443;
    }
    out.remote_id = normal_id(id).value_or(id);
    return out;
}

web_url web_page(web_url const& base, std::string_view id)
{
    web_url page = base;
    if (is_launchpad(base.host))
        page.host = "bugs." + without_facet(base.host);
    bool const bare = id.find('/') == std::string_view::npos;
    return join(page, bare ? "bugs/" + percent_encode(percent_decode(id)) : std::string{id});
}

web_url api_root(remote const& at)
{
    if (at.api())
        return *at.api();
    web_url root = at.base();
    if (has_name(root.host))
        root.host = "api." + without_facet(root.host);
    root.path = "/devel";
    root.query.clear();
    return root;
}

std::string task_at(web_url const& root, std::string_view address)
{
    // Nearly all of them, many a page.
    auto const start = root.text() + "/";
    if (address.starts_with(start) && is_plain_path(address.substr(start.size())))
        return task_in(address.substr(start.size()));
    auto const url = parse_url(address);
    if (!url)
        return {};
    std::string_view path = url->path;
    std::string_view prefix = root.path;
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);
    bool const below = !prefix.empty() && path.starts_with(prefix)
                       && path.substr(prefix.size()).starts_with('/');
    path = below ? path.substr(prefix.size())
                 : without_version(path); // behind a proxy links keep their names
    return task_in(path);
}

} // namespace checkwatches::adapters::launchpad
