#pragma once

#include "engine/app/command_line.hpp"
#include "engine/app/config.hpp"
#include "engine/serve/control_request.hpp"

#include <boost/json/object.hpp>

namespace checkwatches::app {

// Has a request carried out: by the resident instance, or by an engine here where there is none. The fields
// of its "done" (control_service.hpp); progress is not told. Errors are the engine's, or of kind storage or
// configuration: it could not be reached or made.
result<boost::json::object>
instruct(global_options const& global, config const& conf, serve::control_request const& request);

} // namespace checkwatches::app
