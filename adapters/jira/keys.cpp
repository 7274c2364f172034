#include "adapters/jira/keys.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::jira {
namespace {

bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Of a project, in any case.
bool is_project(std::string_view text)
{
    constexpr std::size_t longest = 255;
    return !text.empty() && text.size() <= longest && is_letter(text.front())
           && std::ranges::all_of(
               text, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

// A key, or what somebody may have meant as one: "ABC-12x".
bool looks_like_key(std::string_view text)
{
    auto const hyphen = text.find('-');
    return hyphen != std::string_view::npos && is_project(text.substr(0, hyphen))
           && wire::is_number(text.substr(hyphen + 1, 1));
}

// The path before the first of these folders; nothing where none is there.
std::optional<std::string_view> before_folder(std::string_view path)
{
    constexpr std::array<std::string_view, 5> folders{
        "/jira/software/", "/jira/core/", "/browse/", "/projects/", "/secure/"};
    for (auto const folder : folders)
        if (auto const at = path.find(folder); at != std::string_view::npos)
            return path.substr(0, at);
    return std::nullopt;
}

// The key that the address names, as it is written there; empty where it names none.
std::string key_in(web_url const& url)
{
    auto path = std::string_view{url.path};
    while (path.ends_with('/'))
        path.remove_suffix(1);
    auto const slash = path.rfind('/');
    auto const last = path.substr(std::min(slash, path.size() - 1) + 1);
    auto const folder = path.substr(0, std::min(slash, path.size()));
    bool const of_project = folder.ends_with("/issues")
                            && folder.find("/projects/") != std::string_view::npos;
    if ((folder.ends_with("/browse") || of_project) && looks_like_key(last))
        return std::string{last};
    auto selected = url.parameter("selectedIssue").value_or("");
    return looks_like_key(selected) ? selected : std::string{};
}

} // namespace

std::optional<std::string> normal_key(std::string_view text)
{
    auto const key = trimmed(text);
    auto const hyphen = key.find('-');
    if (hyphen == std::string_view::npos || !is_project(key.substr(0, hyphen))
        || !wire::is_number(key.substr(hyphen + 1)))
        return std::nullopt;
    auto const number = wire::normal_number(key.substr(hyphen + 1));
    if (number.empty())
        return std::nullopt;
    std::string out{key.substr(0, hyphen)};
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out + "-" + number;
}

std::optional<bug_ref> recognise(web_url const& url)
{
    auto const key = key_in(url);
    auto const folder = before_folder(url.path);
    if (key.empty() || !folder || url.host == "github.com" || url.host == "www.github.com")
        return std::nullopt;
    bug_ref out{.base = url, .remote_id = normal_key(key).value_or(key)};
    bool const cloud = url.host.ends_with(".atlassian.net");
    out.base.path = cloud ? "/" : std::string{*folder} + "/";
    out.base.query.clear();
    return out;
}

web_url web_page(web_url const& base, std::string_view key)
{
    return join(base, "browse/" + percent_encode(percent_decode(key)));
}

} // namespace checkwatches::adapters::jira
