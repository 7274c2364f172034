#pragma once

#include "engine/net/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::net {

// `url`'s host is on the list: itself, under a domain of it (with or without the leading dot), by address,
// with the right port where the entry names one, or by "*".
bool bypasses_proxy(web_url const& url, std::vector<std::string> const& bypass);

// The proxy for this URL; nothing where it is asked directly.
std::optional<web_url> proxy_for(proxy_settings const& settings, web_url const& url);

// The same as proxy_settings::from_environment, from any source of variables. Errors are of kind
// configuration and never quote the value, which may hold a password.
result<proxy_settings>
read_proxies(std::function<std::optional<std::string>(std::string const&)> const& variable);

} // namespace checkwatches::net
