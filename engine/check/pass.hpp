#pragma once

#include "engine/check/batching.hpp"
#include "engine/check/meanings.hpp"
#include "engine/check/policy.hpp"
#include "engine/check/shrink_guard.hpp"
#include "engine/check/tally.hpp"
#include "engine/core/secret.hpp"
#include "engine/remote/retry.hpp"
#include "storage/records.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::check {

// What a pass is asked to do. What is empty does not restrict.
struct pass_request {
    std::vector<std::string> trackers{}; // names
    std::vector<storage::bug_id> bugs{}; // these bugs only
    bool force = false;                  // not only what is due
};

// What a pass tells while it runs. Called on the loop's thread.
class pass_observer {
public:
    virtual ~pass_observer() = default;
    // What the pass will ask for; first of all.
    virtual void on_plan(std::size_t trackers, std::size_t bugs) = 0;
    virtual void on_batch(tracker_tally const& so_far) = 0;
    virtual void on_tracker(tracker_tally const& done) = 0;
};

// How passes are made.
struct pass_settings {
    schedule_policy policy{};
    std::chrono::seconds capabilities_last{std::chrono::days{7}}; // how long a probe's result is believed
    std::size_t lanes = 2; // batches of one tracker under way at a time
    std::vector<credential> credentials{};
    batching_settings batching{};
    retry_policy retry{};
    shrink_limits shrink{};
    overrides meanings{};
    std::size_t comments = 500; // bugs of one tracker whose comments are read in one run
};

// What a pass did.
struct pass_result {
    std::vector<tracker_tally> trackers{}; // by name
    std::chrono::milliseconds elapsed{};   // until the last report was durable
};

} // namespace checkwatches::check
