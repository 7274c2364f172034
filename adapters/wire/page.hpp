#pragma once

#include "adapters/adapter.hpp"

#include <initializer_list>
#include <string_view>

namespace checkwatches::wire {

// What an answer is when it is not what was asked for: by HTTP status first, then by type and shape. Knows
// 401 and 403 (auth_failed, forbidden), 404, 410, 413, 414, 429, 503 and other 5xx that speak of maintenance,
// Retry-After (as seconds, or as a date against the answer's own Date; at most 30 days), and HTML that came
// in place of data: a bot challenge (bot_wall), a maintenance page (maintenance), a login page (auth_failed),
// anything else (protocol_error). The message quotes the page's title, or the start of a plain text, at most
// 120 bytes. Pure.
error explain(adapters::reply const& answer);

// Nothing where the answer is 200 and of one of these media types; otherwise explain(answer).
std::optional<error>
expect(adapters::reply const& answer, std::initializer_list<std::string_view> media_types);

} // namespace checkwatches::wire
