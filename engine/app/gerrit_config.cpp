#include "engine/app/gerrit_config.hpp"

#include "engine/core/control_characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace checkwatches::app {
namespace {

constexpr std::size_t longest_name = 60;
constexpr std::size_t longest_text = 2'000;
constexpr std::size_t most_projects = 100;

bool is_name(std::string const& text)
{
    return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
               || c == '_' || c == '.';
    });
}

bool is_line(std::string const& text)
{
    return text.size() <= longest_text && std::ranges::none_of(text, is_control);
}

void check_name(section& in, std::string const& name, std::vector<intake::gerrit::source> const& others)
{
    if (!is_name(name))
        in.complain(
            in.where(),
            fmt::format(
                "[[gerrit]] needs a \"name\" of letters, digits, \"-\", \"_\" and \".\", at most {} of them",
                longest_name));
    else if (std::ranges::find(others, name, &intake::gerrit::source::name) != others.end())
        in.complain(in.where(), fmt::format("there are two [[gerrit]] of the name \"{}\"", name));
}

void check_bugs(section& in, std::string const& bugs)
{
    constexpr std::string_view slot = "{id}";
    auto const at = bugs.find(slot);
    bool const once = at != std::string::npos && bugs.find(slot, at + 1) == std::string::npos;
    if (!once || !parse_url(intake::gerrit::bug_url(bugs, "1")))
        in.complain(
            in.where(),
            "[[gerrit]] needs the key \"bugs\": where a bug is, with {id} for its number, such as "
            "\"https://bugs.launchpad.net/bugs/{id}\"");
}

void check_texts(section& in, intake::gerrit::source const& of)
{
    bool good = is_line(of.query) && is_line(of.label) && of.projects.size() <= most_projects;
    for (auto const& project : of.projects)
        good = good && !project.empty() && is_line(project);
    if (!good)
        in.complain(
            in.where(),
            fmt::format(
                "\"query\", \"label\" and each of at most {} \"projects\" must be one line of at most {} "
                "bytes",
                most_projects,
                longest_text));
}

} // namespace

void read_gerrit(section& in, std::string const& folder, std::vector<intake::gerrit::source>& into)
{
    intake::gerrit::source of{.signatures = folder};
    std::optional<web_url> url;
    in.read("name", of.name);
    in.read("url", url);
    in.read("query", of.query);
    in.read("projects", of.projects);
    in.read("bugs", of.bugs);
    in.read("every", of.every);
    in.read("forget_after", of.forget);
    in.read("label", of.label);
    of.names_signatures = in.take("signatures") != nullptr;
    in.read("signatures", of.signatures);
    if (of.names_signatures)
        of.signatures = std::filesystem::path{folder}.parent_path() / of.signatures;
    check_name(in, of.name, into);
    if (!url)
        in.complain(in.where(), "[[gerrit]] needs the key \"url\", such as \"https://review.opendev.org\"");
    check_bugs(in, of.bugs);
    check_texts(in, of);
    if (!url)
        return;
    of.url = *url;
    into.push_back(std::move(of));
}

} // namespace checkwatches::app
