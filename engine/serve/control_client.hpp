#pragma once

#include "engine/core/async.hpp"
#include "engine/core/error.hpp"
#include "engine/serve/control_request.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace checkwatches::serve {

// Called with each event before the last.
using on_event = std::function<void(boost::json::object const& event)>;

// Asks the instance that listens at `path`, and returns the fields of its "done". Nothing where nobody
// listens there, or where the instance ended before its answer did: who asked may do the work itself. An
// error is the instance's own answer; or of kind timeout: it said nothing for `patience` (nothing: for ever);
// or of kind storage: it cannot be reached or does not speak as it should.
awaitable<result<std::optional<boost::json::object>>> ask_instance(
    std::string path,
    control_request request,
    on_event tell,
    std::optional<std::chrono::milliseconds> patience = std::nullopt);

} // namespace checkwatches::serve
