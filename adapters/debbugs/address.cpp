#include "adapters/debbugs/address.hpp"

#include "adapters/wire/text.hpp"

#include <algorithm>

namespace checkwatches::adapters::debbugs {
namespace {

// The value of a parameter; Debbugs separates them with ";" as well as "&".
std::optional<std::string> parameter_of(web_url const& url, std::string_view name)
{
    std::string_view rest = url.query;
    while (!rest.empty()) {
        auto const part = rest.substr(0, rest.find_first_of("&;"));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        auto const equals = part.find('=');
        if (equals != std::string_view::npos && percent_decode(part.substr(0, equals)) == name)
            return percent_decode(part.substr(equals + 1));
    }
    return std::nullopt;
}

// A well-known site, by the host of a bug's address: https, which they lead to.
std::optional<web_url> site_of(std::string_view host)
{
    constexpr std::string_view gnus_short_name = "bugs.gnu.org";
    if (host == gnus_short_name)
        host = gnu_host;
    if (host != debian_host && host != gnu_host)
        return std::nullopt;
    return web_url{.scheme = "https", .host = std::string{host}, .port = 443};
}

// The tracker's address, for the address of its bugreport.cgi; behind it may stand an attachment's name.
std::optional<web_url> base_of_report(web_url const& url)
{
    for (auto const* const folder : {"/cgi-bin/", "/cgi/"}) {
        bool const gnus = folder == std::string_view{"/cgi/"};
        auto const program = std::string{folder} + "bugreport.cgi";
        auto const at = url.path.find(program);
        auto const end = at + program.size();
        bool const there = at != std::string::npos && (end == url.path.size() || url.path[end] == '/');
        if (!there || (gnus && url.host != gnu_host))
            continue;
        if (auto known = site_of(url.host))
            return known;
        auto base = url;
        base.path = url.path.substr(0, at + 1);
        base.query.clear();
        return base;
    }
    return std::nullopt;
}

// "https://bugs.debian.org/42": the last part of the path, where it is a number.
std::optional<std::string> short_id(web_url const& url)
{
    std::string_view path = url.path;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    auto const last = path.substr(path.rfind('/') + 1);
    if (!wire::is_number(last))
        return std::nullopt;
    return std::string{last};
}

} // namespace

std::string_view programs_of(web_url const& base)
{
    return base.host == gnu_host ? "cgi/" : "cgi-bin/";
}

std::optional<bug_ref> recognise(web_url const& url)
{
    if (auto base = base_of_report(url)) {
        auto const id = parameter_of(url, "bug");
        if (!id || id->empty())
            return std::nullopt;
        return bug_ref{.base = std::move(*base), .remote_id = normal_id(*id).value_or(*id)};
    }
    auto known = site_of(url.host);
    auto const id = short_id(url);
    if (!known || !id)
        return std::nullopt;
    return bug_ref{.base = std::move(*known), .remote_id = normal_id(*id).value_or(*id)};
}

std::optional<std::string> normal_id(std::string_view id)
{
    auto number = wire::normal_number(id);
    if (number.empty())
        return std::nullopt;
    return number;
}

web_url report_page(web_url const& base, std::string_view id)
{
    auto const encoded = percent_encode(percent_decode(id));
    return join(base, std::string{programs_of(base)} + "bugreport.cgi?bug=" + encoded);
}

} // namespace checkwatches::adapters::debbugs
