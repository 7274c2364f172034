#pragma once

#include "adapters/registry.hpp"
#include "engine/check/engine.hpp"
#include "storage/records.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace checkwatches::app {

// One JSON object for each, on one line without a line end. The field names are the contract with programs
// (README, "For programs"): they may be added to, never changed.
boost::json::object
json_of(storage::shown_bug const& bug, adapters::registry const& kinds, check::schedule_policy const& policy);
std::string json_of(storage::shown_change const& change, adapters::registry const& kinds);
// The address of what a change is about: of its bug, or of an act that is of none its tracker's; empty where
// it is of no tracker.
std::string subject_of(storage::shown_change const& change, adapters::registry const& kinds);
std::string json_of(check::tracker_tally const& tally);
// The first line of a forced check of a tracker.
std::string json_of(check::estimate const& cost);
// The last line of a pass.
std::string json_of_pass(std::vector<check::tracker_tally> const& all, std::chrono::milliseconds elapsed);

// The address at which people read a bug; its tracker's address and the id where the kind is not known.
std::string url_of(
    adapters::registry const& kinds,
    std::string const& kind,
    std::string const& base_url,
    std::string const& remote_id);

// Why the bug is checked next when it is: "changed less than 180 d ago: every 1 d".
std::string why_of(storage::bug_state const& bug, check::schedule_policy const& policy);

} // namespace checkwatches::app
