#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/pass.hpp"
#include "engine/core/clock.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/writer.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace checkwatches::check {

// What a job works with. The references outlive the job.
struct job_context {
    net::client& over;
    storage::writer& into;
    clock const& time;
    pass_settings const& how;
    // After each batch that was stored, with what was settled.
    std::function<void(std::vector<storage::settled_bug> const&)> on_settled{};
};

// What a job knows of its tracker when it begins.
struct job_subject {
    storage::tracker tracker{};
    storage::tracker_settings settings{};
    std::optional<storage::stored_capabilities> can{};
};

// One tracker's part of a pass: probe where that is due, then batch after batch, each settled and stored
// before the lane takes the next. The first trouble of the tracker as a whole ends it; what was not asked
// stays due.
class tracker_job {
public:
    tracker_job(
        job_context const& shared, adapters::adapter const& kind, job_subject what, remote_binding to);

    // Checks these bugs, or as many as it comes to. Once there is trouble, or the database is broken, nothing
    // more is asked.
    awaitable<void> check(std::vector<storage::bug_state> bugs);
    // No batch is begun any more.
    void stop() noexcept { stopped_ = true; }
    // What is left to do when nothing more is to be checked.
    awaitable<void> finish();

    // What ended the work on the tracker early.
    std::optional<error> const& trouble() const noexcept { return trouble_; }
    // An error of kind storage: the database failed.
    std::optional<error> const& broken_store() const noexcept { return broken_store_; }
    bool is_over() const noexcept { return stopped_ || trouble_ || broken_store_; }

    std::size_t requests() const noexcept { return remote_.requests(); }
    std::optional<web_url> const& moved_to() const noexcept { return remote_.moved_to(); }
    // Bugs that were answered for.
    std::size_t seen() const noexcept { return seen_; }

private:
    awaitable<void> lane();
    awaitable<void> check_batch(std::span<storage::bug_state> batch);
    awaitable<void> store(std::vector<storage::settled_bug> bugs);
    awaitable<std::optional<error>> learn_capabilities();
    awaitable<void> keep_capabilities(std::chrono::seconds lasting);
    bool must_probe() const;
    std::size_t batch_size() const;

    job_context const& shared_;
    adapters::adapter const& kind_;
    job_subject what_;
    bool has_login_;
    bound_remote remote_;
    capabilities can_;
    bool prepared_ = false;
    bool stopped_ = false;
    std::vector<storage::bug_state> bugs_;
    std::size_t next_ = 0; // the first bug that no lane has taken
    std::size_t seen_ = 0;
    std::optional<error> trouble_;
    std::optional<error> broken_store_;
};

} // namespace checkwatches::check
