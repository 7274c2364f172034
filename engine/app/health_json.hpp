#pragma once

#include "engine/app/tracker_view.hpp"
#include "engine/check/explain.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace checkwatches::app {

// How trackers and checks fare, as JSON. The field names are the contract with programs, as in
// json_lines.hpp.

// One line of `tracker list`: the tracker, its state and its counts.
std::string json_of_listed(tracker_view const& view);
// `tracker show`: that, and everything else.
std::string json_of(tracker_view const& view);
// One line of `errors`.
std::string json_of(storage::signature const& s);

// The "explanation" of `show --why`, with what happened the last times.
boost::json::object json_of(
    check::explanation const& e, check::explain_input const& in, std::vector<storage::check_run> const& runs);

} // namespace checkwatches::app
