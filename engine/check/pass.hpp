#pragma once

#include "adapters/registry.hpp"
#include "engine/check/tracker_job.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace checkwatches::check {

// What a pass tells while it runs. Called on the loop's thread.
class pass_observer {
public:
    virtual ~pass_observer() = default;
    // What the pass will ask for; first of all.
    virtual void on_plan(std::size_t trackers, std::size_t bugs) = 0;
    virtual void on_batch(tracker_tally const& so_far) = 0;
    virtual void on_tracker(tracker_tally const& done) = 0;
};

struct pass_settings {
    schedule_policy policy{};
    std::chrono::seconds capabilities_last{std::chrono::days{7}};
    std::size_t lanes = 2;
    std::vector<credential> credentials{};
};

// What a pass did.
struct pass_result {
    std::vector<tracker_tally> trackers{}; // in the order of the plan
    std::chrono::milliseconds elapsed{};   // until the last report was durable
};

// One pass over a plan: all trackers at once on the one loop, each a coroutine of its own, drawing on its
// host's budget.
class pass {
public:
    // All of them must outlive run().
    pass(
        net::client& over,
        storage::writer& into,
        adapters::registry const& kinds,
        pass_settings const& settings,
        pass_observer& observer);

    // Checks everything in the plan. An error of kind storage where the database failed; what was stored
    // until then stays.
    awaitable<result<pass_result>> run(std::vector<tracker_plan> plan);

private:
    awaitable<void> run_tracker(tracker_plan plan, tracker_tally& into);

    adapters::registry const& kinds_;
    pass_settings const& settings_;
    pass_observer& observer_;
    job_context shared_;
    std::optional<error> broken_store_;
};

} // namespace checkwatches::check
