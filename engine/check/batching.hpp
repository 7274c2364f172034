#pragma once

#include "engine/core/capabilities.hpp"
#include "storage/records.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

namespace checkwatches::check {

struct batching_settings {
    // A bug's record is read whole at least that often, which also finds those that went missing or private
    // meanwhile.
    std::chrono::seconds full_after{std::chrono::days{7}};
    std::chrono::seconds oldest_since{std::chrono::days{30}}; // no more is asked about than that
    double changed_share = 0.05;                              // of the bugs, as expected to change in a day
    double project_changes = 300; // bugs of a project, watched or not, as expected to change in a day
    std::chrono::seconds most_skew{std::chrono::minutes{10}}; // of a clock that is trusted
};

// Bugs that one look asks for.
struct batch {
    enum class manner {
        full,    // look()
        changed, // look_changed()
    };
    manner how{};
    utc_time since{};                   // changed: the tracker's clock when the oldest of them was read
    std::vector<std::size_t> members{}; // their places among the bugs that are due
};

struct batch_plan {
    std::vector<batch> batches{};
    std::size_t requests = 0; // that they take, as expected
};

// Bugs' rows, wherever they lie.
using bug_rows = std::vector<storage::bug_state const*>;

// Those of bugs that are to be settled.
bug_rows rows_of(std::span<storage::settled_bug const> bugs);

// The tracker's clock is too far from ours to be asked what changed since a time. Pure.
bool is_skewed(utc_time server, utc_time ours, batching_settings const& how);

// The plan that takes the fewest requests for these bugs, and of several the one that brings the fewest
// records: whether each bug is asked for singly or in batches (as the adapter can), which of them are asked
// "what changed since?", and whether a project's list of changes is worth its pages. Ties go to the plainer
// plan. Bugs to be read whole come first and in the order given; the others are grouped so that a bug read
// long ago does not make the tracker look back far for many. Pure.
//
// Asked what changed are only bugs whose last check was a success, and that were read within full_after; and
// none where the tracker's clock is not trusted.
batch_plan plan_batches(
    capabilities const& can,
    storage::tracker_settings const& set,
    std::span<storage::bug_state const* const> due,
    bool clock_trusted,
    batching_settings const& how,
    utc_time now);

} // namespace checkwatches::check
