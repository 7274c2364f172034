#pragma once

#include "engine/check/explain.hpp"
#include "storage/records.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace checkwatches::app {

// The "explanation" of `show --why`, with what happened the last times.
boost::json::object json_of(
    check::explanation const& e, check::explain_input const& in, std::vector<storage::check_run> const& runs);

} // namespace checkwatches::app
