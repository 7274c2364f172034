#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <string_view>

namespace checkwatches::intake {

// Reads bts-link's configuration (YAML): the trackers that it knows. They stand below "remotes", "trackers"
// or "bts", or at the top, by name or as a list: each with a type, and its address as uri, url, base or host,
// or several as uris, urls or hosts. What else there is of the configuration is not read.
//
// An error of kind unparsable or too_large: it is no such file at all; it says where.
result<adopted> read_bts_link(std::string_view text);

} // namespace checkwatches::intake
