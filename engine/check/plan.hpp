#pragma once

#include "storage/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

// What a pass is asked to do. What is empty does not restrict.
struct pass_request {
    std::vector<std::string> trackers{}; // names
    std::vector<storage::bug_id> bugs{}; // these bugs only
    bool force = false;                  // not only what is due
};

// One tracker's part of a pass.
struct tracker_plan {
    storage::tracker tracker{};
    std::optional<storage::stored_capabilities> can{};
    std::vector<storage::bug_state> bugs{}; // never-checked first, then by how overdue; not empty
};

// Reads what is due at `now` and was asked for. Blocking. An error of kind usage: no tracker has this name.
result<std::vector<tracker_plan>>
make_plan(storage::reader const& from, pass_request const& wanted, utc_time now);

} // namespace checkwatches::check
