#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/plan.hpp"
#include "engine/check/policy.hpp"
#include "engine/check/tally.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/writer.hpp"

#include <functional>
#include <span>

namespace checkwatches::check {

// What every job of a pass shares; all of it outlives the jobs.
struct job_context {
    net::client& over;
    storage::writer& into;
    schedule_policy const& policy;
    std::chrono::seconds capabilities_last; // how long a probe's result is believed
    std::size_t lanes;                      // batches of one tracker under way at a time
    std::function<utc_time()> now;
    std::function<void(tracker_tally const&)> on_batch; // after each batch that was stored
};

// One tracker's part of a pass: probe where that is due, then batch after batch, each settled and stored
// before the lane takes the next. The first trouble of the tracker as a whole ends it; what was not asked
// stays due.
class tracker_job {
public:
    tracker_job(
        job_context const& shared, adapters::adapter const& kind, tracker_plan plan, remote_binding to);

    // The tally; an error only of kind storage: the database failed and the pass cannot go on.
    awaitable<result<tracker_tally>> run();

private:
    awaitable<void> lane();
    awaitable<void> check_batch(std::span<storage::bug_state> batch);
    awaitable<void> store(std::vector<storage::settled_bug> bugs);
    awaitable<std::optional<error>> learn_capabilities();
    awaitable<void> keep_capabilities(std::chrono::seconds lasting);
    bool must_probe() const;

    job_context const& shared_;
    adapters::adapter const& kind_;
    tracker_plan plan_;
    bool has_login_;
    bound_remote remote_;
    capabilities can_;
    tracker_tally tally_;
    std::size_t next_ = 0; // the first bug that no lane has taken
    std::optional<error> broken_store_;
};

} // namespace checkwatches::check
