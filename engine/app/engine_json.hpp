#pragma once

#include "engine/check/engine.hpp"

#include <boost/json/object.hpp>

namespace checkwatches::app {

// What an engine says of itself, on its way between two of our processes: all of it, and exactly. Unpacking
// gives an error of kind protocol_error: it is something else.
boost::json::object pack(check::estimate const& cost);
result<check::estimate> unpack_estimate(boost::json::object const& in);
boost::json::object pack(check::engine_status const& status);
result<check::engine_status> unpack_status(boost::json::object const& in);

} // namespace checkwatches::app
