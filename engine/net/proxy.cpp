#include "engine/net/proxy.hpp"

#include "engine/core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace checkwatches::net {
namespace {

using variables = std::function<std::optional<std::string>(std::string const&)>;

// The entry's host, and its port where it has one ("host:8080", "[::1]:8080"; a bare IPv6 address has none).
std::pair<std::string, std::string> split_port(std::string entry)
{
    if (entry.starts_with('[')) {
        auto const close = entry.find(']');
        if (close == std::string::npos)
            return std::pair{std::move(entry), std::string{}};
        auto const port = entry.substr(close + 1).starts_with(':') ? entry.substr(close + 2) : std::string{};
        return {entry.substr(1, close - 1), port};
    }
    auto const colon = entry.find(':');
    if (colon == std::string::npos || colon != entry.rfind(':'))
        return std::pair{std::move(entry), std::string{}};
    return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool matches(web_url const& url, std::string const& entry)
{
    if (entry == "*")
        return true;
    auto [host, port] = split_port(lower(entry));
    if (!port.empty() && port != std::to_string(url.port))
        return false;
    if (host.starts_with("*."))
        host.erase(0, 1);
    if (host.starts_with('.'))
        host.erase(0, 1);
    if (host.empty())
        return false;
    return url.host == host || url.host.ends_with("." + host);
}

std::optional<std::string> first_of(variables const& variable, std::string const& a, std::string const& b)
{
    auto value = variable(a);
    if (!value && !b.empty())
        value = variable(b);
    if (value && value->empty())
        value.reset();
    return value;
}

result<std::optional<web_url>> parse_proxy(std::string_view name, std::optional<std::string> const& value)
{
    if (!value)
        return std::optional<web_url>{};
    auto const url = parse_url(value->find("://") == std::string::npos ? "http://" + *value : *value);
    if (url && url->scheme == "http")
        return std::optional{*url};
    return error{
        .kind = error_kind::configuration,
        .message = fmt::format("{} is not of the form http://host:port", name)};
}

std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find_first_of(", \t"));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!word.empty())
            out.emplace_back(word);
    }
    return out;
}

} // namespace

bool bypasses_proxy(web_url const& url, std::vector<std::string> const& bypass)
{
    return std::ranges::any_of(bypass, [&](std::string const& entry) { return matches(url, entry); });
}

std::optional<web_url> proxy_for(proxy_settings const& settings, web_url const& url)
{
    auto const& proxy = url.scheme == "https" ? settings.https : settings.http;
    if (!proxy || bypasses_proxy(url, settings.bypass))
        return std::nullopt;
    return proxy;
}

result<proxy_settings> read_proxies(variables const& variable)
{
    proxy_settings out;
    auto http = parse_proxy("http_proxy", first_of(variable, "http_proxy", ""));
    if (!http)
        return http.error();
    auto https = parse_proxy("https_proxy", first_of(variable, "https_proxy", "HTTPS_PROXY"));
    if (!https)
        return https.error();
    out.http = std::move(*http);
    out.https = std::move(*https);
    out.bypass = split_list(first_of(variable, "no_proxy", "NO_PROXY").value_or(""));
    return out;
}

result<proxy_settings> proxy_settings::from_environment()
{
    return read_proxies([](std::string const& name) -> std::optional<std::string> {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): read before any thread is started
        char const* const value = std::getenv(name.c_str());
        return value ? std::optional<std::string>{value} : std::nullopt;
    });
}

} // namespace checkwatches::net
