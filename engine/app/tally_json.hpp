#pragma once

#include "engine/check/pass.hpp"

#include <boost/json/object.hpp>

namespace checkwatches::app {

// A tally on its way between two of our processes: all of it, and exactly (but for an error's cause, see
// serve::json_of). What programs are told is json_of() in json_lines.hpp. `in` is where it is made.
boost::json::object pack(check::tracker_tally const& tally, boost::json::storage_ptr in = {});
// An error of kind protocol_error: that is no tally.
result<check::tracker_tally> unpack_tally(boost::json::object const& in);

} // namespace checkwatches::app
