#pragma once

#include "engine/core/error.hpp"

#include <string>
#include <string_view>

namespace checkwatches::adapters {

// An error in the answer to a request for many bugs, as the tracker's trouble: 403 for all of them is a
// missing login (auth_failed), and 404 or a body that cannot be read is protocol_error. Each lost bug gets
// the trouble's kind as its outcome, and no bug may be called missing or hidden because the way to ask
// failed.
error tracker_trouble(error e);

// The beginning of a tracker's own words for an error or a detail: at most 300 bytes of UTF-8 in one line,
// cut between characters.
std::string shortened(std::string_view text);

} // namespace checkwatches::adapters
