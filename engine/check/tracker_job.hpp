#pragma once

#include "adapters/adapter.hpp"
#include "engine/check/comment_reader.hpp"
#include "engine/check/network_watch.hpp"
#include "engine/check/pass.hpp"
#include "engine/check/settle.hpp"
#include "engine/check/shrink_guard.hpp"
#include "engine/check/validators.hpp"
#include "engine/core/clock.hpp"
#include "engine/core/log.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace checkwatches::check {

// What a job works with. The references outlive the job.
struct job_context {
    net::client& over;
    storage::writer& into;
    storage::background_reader& from;
    clock const& time;
    logger& log;
    network_watch& network;
    pass_settings const& how;
    overrides const& meanings;        // these hold as they are at the moment
    std::function<double()> random01; // from [0, 1), for retries
    bound_remote::on_request on_request{};
    std::function<void()> on_look{}; // after each look that ended, however it did
    // After each batch that was stored, with what was settled.
    std::function<void(std::vector<storage::settled_bug> const&)> on_settled{};
};

// What a job knows of its tracker when it begins.
struct job_subject {
    storage::tracker tracker{};
    storage::tracker_settings settings{};
    std::optional<storage::stored_capabilities> can{};
    bool clock_trusted = true; // the tracker's, at the last look
    std::size_t missing = 0;   // known bugs that were missing in the runs since the last that was seen
};

// One run at one tracker: probe where that is due, then batch after batch, each settled and stored before the
// lane takes the next; then what was written about those that were seen, where that is wanted. The first
// trouble of the tracker as a whole ends it; what was not asked stays due.
class tracker_job {
public:
    tracker_job(
        job_context const& shared, adapters::adapter const& kind, job_subject what, remote_binding to);

    // Checks these bugs, whose `after` is as they were, or as many as it comes to. Once there is trouble, or
    // the database is broken, nothing more is asked.
    awaitable<void> check(std::vector<storage::settled_bug> bugs);
    // No batch is begun any more.
    void stop() noexcept { stopped_ = true; }
    // What is left to do when nothing more is to be checked.
    awaitable<void> finish();

    // What ended the work on the tracker early.
    std::optional<error> const& trouble() const noexcept { return trouble_; }
    // An error of kind storage: the database failed.
    std::optional<error> const& broken_store() const noexcept { return broken_store_; }
    bool is_over() const noexcept { return stopped_ || trouble_ || broken_store_ || guard_.is_full(); }

    bound_remote const& remote() const noexcept { return remote_; }
    // The tracker's capabilities as they are stored.
    std::optional<storage::stored_capabilities> const& known() const noexcept { return what_.can; }
    // Bugs that were answered for.
    std::size_t seen() const noexcept { return seen_; }
    // Known bugs that were missing, where no known bug was seen in the whole run.
    std::size_t knows_none() const noexcept { return knows_none_; }
    // A known bug was seen.
    bool knows_some() const noexcept { return guard_.trusts(); }
    // How far the tracker's clock is ahead of ours, by the last answer that told.
    std::optional<std::chrono::milliseconds> skew() const noexcept { return skew_; }

private:
    struct look_result;
    using shared_report = std::shared_ptr<storage::report const>;

    awaitable<void> plan();
    awaitable<void> lane();
    std::vector<storage::settled_bug> take_out(batch const& which);
    awaitable<look_result> look(std::size_t number, std::vector<storage::settled_bug> const& bugs);
    std::vector<validator> known_for(std::size_t number);
    void note_answered(std::vector<adapters::finding> const& found);
    awaitable<void> find_the_blame(adapters::findings& found);
    void note_network(std::size_t answers_before);
    shared_report take_in(looked asked, look_result got);
    shared_report settled(looked look, look_context const& of = {}, std::vector<validator> learnt = {}) const;
    awaitable<void> store(shared_report whole);
    comment_reader::parts parts_of_comments();
    awaitable<bool> is_our_own();
    awaitable<void> read_comments();
    awaitable<std::optional<error>> learn_capabilities();
    awaitable<void> keep_capabilities(std::chrono::seconds lasting);
    awaitable<void> fail_first_batch();
    bool must_probe() const;

    job_context const& shared_;
    adapters::adapter const& kind_;
    job_subject what_;
    std::string host_;
    bool has_login_;
    retry_budget retries_;
    bound_remote remote_;
    comment_reader comments_;
    shrink_guard guard_;
    capabilities can_;
    bool prepared_ = false;
    bool stopped_ = false;
    std::vector<storage::settled_bug> bugs_; // each where it is to be settled
    batch_plan plan_;
    std::vector<std::vector<validator>> known_; // for each batch; no list at all where there is none
    std::size_t next_ = 0;                      // the first batch that no lane has taken
    std::string answered_{};                    // an id that the tracker answered for in this run
    std::size_t seen_ = 0;
    std::size_t knows_none_ = 0;
    std::optional<std::chrono::milliseconds> skew_;
    std::optional<error> trouble_;
    std::optional<error> broken_store_;
};

} // namespace checkwatches::check
