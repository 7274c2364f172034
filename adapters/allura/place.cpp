#include "adapters/allura/place.hpp"

#include "adapters/forge/path.hpp"
#include "adapters/wire/text.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::adapters::allura {
namespace {

constexpr std::array<std::string_view, 2> neighbourhoods{"p", "u"};
constexpr std::array<std::string_view, 4> wishes{
    "feature-requests", "feature_requests", "features", "enhancements"};
constexpr std::array<std::string_view, 3> further_names{"www.sourceforge.net", "sf.net", "www.sf.net"};
constexpr std::string_view sourceforge = "sourceforge.net";
constexpr std::string_view api = "rest";

web_url site_of(web_url const& url)
{
    auto out = forge::at_path(url, "/");
    if (url.host == sourceforge || std::ranges::find(further_names, url.host) != further_names.end()) {
        constexpr std::uint16_t https = 443;
        out.scheme = "https";
        out.host = sourceforge;
        out.port = https;
    }
    return out;
}

} // namespace

std::optional<bug_ref> recognise(web_url const& url)
{
    auto parts = forge::path_segments(url.path);
    if (!parts.empty() && parts.front() == api)
        parts.erase(parts.begin());
    // p/PROJECT/MOUNT/N, p/PROJECT/SUBPROJECT/MOUNT/N
    bool const fits = parts.size() == 4 || parts.size() == 5;
    if (!fits || std::ranges::find(neighbourhoods, parts.front()) == neighbourhoods.end())
        return std::nullopt;
    auto id = wire::normal_number(parts.back());
    if (id.empty())
        return std::nullopt; // wikis, blogs and files have pages of the same shape
    auto const tool = std::span{parts}.first(parts.size() - 1);
    return bug_ref{.base = forge::at_path(site_of(url), forge::path_of(tool)), .remote_id = std::move(id)};
}

web_url page(web_url const& base, std::string_view id)
{
    return join(base, percent_encode(percent_decode(id)) + "/");
}

bool is_for_wishes(web_url const& base)
{
    auto const parts = forge::path_segments(base.path);
    return !parts.empty() && std::ranges::find(wishes, wire::lower(parts.back())) != wishes.end();
}

request ask(remote const& at, std::string_view relative)
{
    auto const root = at.api() ? *at.api() : forge::at_path(at.base(), "/" + std::string{api});
    auto const tool = join(root, forge::path_of(forge::path_segments(at.base().path)).substr(1));
    request rq{.url = join(tool, relative), .headers{{"Accept", "application/json"}}};
    if (at.has_credential())
        rq.login = login_place{
            .place = login_place::where::header, .name = "Authorization", .prefix = "Bearer "};
    return rq;
}

} // namespace checkwatches::adapters::allura
