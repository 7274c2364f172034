#pragma once

#include "engine/core/url.hpp"

namespace checkwatches {

// The address of a tracker's API: as parse_url; or "file:///srv/bugs/spool", a folder on this machine, as a
// web_url of the scheme "file" without host, port and query, whose origin is "file://". An error of kind
// usage says what is wrong with it: a relative path, a host, "..".
result<web_url> parse_api_url(std::string_view text);

// It is such a folder, or something in one.
bool is_local(web_url const& url) noexcept;

} // namespace checkwatches
