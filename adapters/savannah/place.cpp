#include "adapters/savannah/place.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::savannah {
namespace {

// By the last segment of a tracker's address.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> item_words{{
    {"bugs", "bug"},
    {"support", "sr"},
    {"task", "task"},
    {"patch", "patch"},
}};
constexpr std::array<std::string_view, 2> hosts{"savannah.gnu.org", "savannah.nongnu.org"};

web_url site_of(web_url url)
{
    if (std::ranges::find(hosts, url.host) == hosts.end())
        return url;
    constexpr std::uint16_t https = 443;
    url.scheme = "https";
    url.host = hosts.front();
    url.port = https;
    return url;
}

} // namespace

std::optional<bug_ref> recognise(web_url const& url)
{
    auto parts = forge::path_segments(url.path);
    if (!parts.empty() && parts.back() == "index.php")
        parts.pop_back();
    auto base = forge::at_path(site_of(url), forge::path_of(parts));
    if (item_word(base).empty())
        return std::nullopt;
    auto const named = url.parameter("item_id");
    auto id = wire::normal_number(named ? *named : url.query);
    if (id.empty())
        return std::nullopt; // lists and forms have addresses of the same path
    return bug_ref{.base = std::move(base), .remote_id = std::move(id)};
}

std::string_view item_word(web_url const& base)
{
    auto const parts = forge::path_segments(base.path);
    if (parts.empty())
        return {};
    auto const found = std::ranges::find(
        item_words, parts.back(), [](auto const& entry) { return entry.first; });
    return found == item_words.end() ? std::string_view{} : found->second;
}

request ask(remote const& at, std::string_view id)
{
    return request{
        .url = join(at.base(), "index.php?" + std::string{id}), .headers{{"Accept-Language", "en"}}};
}

} // namespace checkwatches::adapters::savannah
