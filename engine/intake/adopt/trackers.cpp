#include "engine/intake/adopt/trackers.hpp"

#include "adapters/wire/text.hpp"
#include "engine/core/url.hpp"
#include "engine/intake/adopt/clean_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace checkwatches::intake {
namespace {

using kind_word = std::pair<std::string_view, std::string_view>;

// The words of bts-link and bugwarrior, and our own.
constexpr std::array kinds{
    kind_word{"allura", "allura"},
    kind_word{"bts", "debbugs"},
    kind_word{"bugzilla", "bugzilla"},
    kind_word{"debbugs", "debbugs"},
    kind_word{"forgejo", "gitea"},
    kind_word{"gitea", "gitea"},
    kind_word{"github", "github"},
    kind_word{"gitlab", "gitlab"},
    kind_word{"issuezilla", "bugzilla"},
    kind_word{"jira", "jira"},
    kind_word{"launchpad", "launchpad"},
    kind_word{"mantis", "mantis"},
    kind_word{"openproject", "openproject"},
    kind_word{"pagure", "pagure"},
    kind_word{"phab", "phorge"},
    kind_word{"phabricator", "phorge"},
    kind_word{"phorge", "phorge"},
    kind_word{"redmine", "redmine"},
    kind_word{"roundup", "roundup"},
    kind_word{"rt", "rt"},
    kind_word{"savane", "savannah"},
    kind_word{"savannah", "savannah"},
    kind_word{"trac", "trac"},
};

// Of these a tracker is a project.
constexpr std::array<std::string_view, 5> forges{"allura", "gitea", "github", "gitlab", "pagure"};
// Of these there is only one, or hardly ever another.
constexpr std::array homes{
    kind_word{"debbugs", "https://bugs.debian.org/"},
    kind_word{"github", "https://github.com"},
    kind_word{"gitlab", "https://gitlab.com"},
    kind_word{"launchpad", "https://launchpad.net/"},
};

std::string_view look_up(auto const& table, std::string_view key) noexcept
{
    auto const found = std::ranges::find(table, key, &kind_word::first);
    return found == table.end() ? std::string_view{} : found->second;
}

bool is_project(std::string_view name)
{
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
               || c == '_' || c == '.' || c == '/' || c == '+';
    };
    return !name.empty() && name.front() != '/' && name.back() != '/' && std::ranges::all_of(name, fits)
           && name.find("..") == std::string_view::npos;
}

} // namespace

std::string_view kind_for(std::string_view type) noexcept
{
    return look_up(kinds, type);
}

void adopt_tracker(named_tracker const& named, adopted& out)
{
    auto const leave = [&](leftover::why how, std::string reason) {
        out.rest.push_back({.at = named.at, .how = how, .name = named.name, .reason = std::move(reason)});
    };
    auto const kind = kind_for(wire::lower(named.type));
    if (kind.empty())
        return leave(
            leftover::why::left_out, "there is no kind of tracker here for " + quoted_briefly(named.type));
    bool const is_forge = std::ranges::find(forges, kind) != forges.end();
    auto address = named.address.empty() ? std::string{look_up(homes, kind)} : named.address;
    if (address.empty())
        return leave(leftover::why::left_out, "it does not say where the " + std::string{kind} + " is");
    if (address.starts_with('@') || address.find("{{") != std::string::npos)
        return leave(leftover::why::bad, "its address is not in the file but comes from elsewhere");
    if (address.find("://") == std::string::npos)
        address = (named.plain ? "http://" : "https://") + address;
    auto base = parse_url(address);
    if (!base)
        return leave(leftover::why::bad, base.error().message);
    base->query.clear(); // no part of a tracker's address, and where some programs put a key
    if (kind == "launchpad" && base->host.ends_with("launchpad.net"))
        base = parse_url(look_up(homes, kind));
    if (!is_forge) {
        out.trackers.push_back(
            {.at = named.at, .name = named.name, .kind = std::string{kind}, .url = base->text()});
        return;
    }
    if (named.projects.empty() && base->path.find_first_not_of('/') != std::string::npos) {
        out.trackers.push_back(
            {.at = named.at, .name = named.name, .kind = std::string{kind}, .url = base->text()});
        return;
    }
    if (named.projects.empty())
        return leave(
            leftover::why::left_out,
            "it names no project: the trackers of a " + std::string{kind}
                + " are projects, and come with the addresses of their bugs");
    for (auto const& project : named.projects) {
        if (is_project(project))
            out.trackers.push_back(
                {.at = named.at,
                 .name = named.name,
                 .kind = std::string{kind},
                 .url = join(*base, project).text()});
        else
            leave(leftover::why::bad, quoted_briefly(project) + " is no project's path");
    }
}

} // namespace checkwatches::intake
