#pragma once

#include "engine/net/client.hpp"

#include <cstddef>
#include <string>

namespace checkwatches::net {

// The request has a login and goes where that login belongs.
bool carries_login(request const& rq);

// The request with its login put in; only where carries_login(rq).
request with_login(request rq);

// Tells credentials apart in a budget; 0 where the request carries none.
std::size_t identity(request const& rq);

// The URL without the query parameters of this name.
web_url without_parameter(web_url url, std::string_view name);

} // namespace checkwatches::net
