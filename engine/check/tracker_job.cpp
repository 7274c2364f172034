#include "engine/check/tracker_job.hpp"

#include "engine/check/settle.hpp"
#include "engine/core/join.hpp"

#include <algorithm>

namespace checkwatches::check {
namespace {

std::vector<std::string> ids_of(std::span<storage::bug_state const> batch)
{
    std::vector<std::string> ids;
    ids.reserve(batch.size());
    for (auto const& bug : batch)
        ids.push_back(bug.remote_id);
    return ids;
}

// Trouble that an upgrade or a move of the tracker can explain: what was probed is not believed any longer.
bool may_have_changed(std::optional<error> const& trouble)
{
    return trouble
           && (trouble->kind == error_kind::protocol_error || trouble->kind == error_kind::unsupported
               || trouble->kind == error_kind::auth_failed);
}

} // namespace

tracker_job::tracker_job(
    job_context const& shared, adapters::adapter const& kind, job_subject what, remote_binding to)
    : shared_{shared},
      kind_{kind},
      what_{std::move(what)},
      has_login_{to.login.has_value()},
      remote_{shared.over, std::move(to)}
{}

awaitable<void> tracker_job::check(std::vector<storage::bug_state> bugs)
{
    bugs_ = std::move(bugs);
    next_ = 0;
    if (!prepared_) {
        prepared_ = true;
        trouble_ = co_await learn_capabilities();
        if (trouble_) {
            // The bugs that the first batch would have asked for were asked for in vain; the others were not.
            auto const first = std::span{bugs_}.first(std::min(bugs_.size(), batch_size()));
            adapters::findings nothing{.trouble = trouble_};
            auto settled = settle(first, std::move(nothing), kind_, shared_.how.policy, shared_.time.now());
            co_await store(std::move(settled));
            co_return;
        }
    }
    auto const most_lanes = static_cast<std::size_t>(
        what_.settings.lanes.value_or(static_cast<std::int64_t>(shared_.how.lanes)));
    auto const batches = (bugs_.size() + batch_size() - 1) / batch_size();
    std::vector<awaitable<void>> lanes;
    for (std::size_t i = 0; i != std::min(most_lanes, batches); ++i)
        lanes.push_back(lane());
    // A single lane, as most trackers need, is spared the cost of a group.
    if (lanes.size() == 1)
        co_await std::move(lanes.front());
    else
        co_await join(std::move(lanes));
}

awaitable<void> tracker_job::finish()
{
    if (may_have_changed(trouble_) && !broken_store_)
        co_await keep_capabilities(std::chrono::seconds::zero());
}

awaitable<void> tracker_job::lane()
{
    while (!is_over() && next_ < bugs_.size()) {
        auto const size = std::min(batch_size(), bugs_.size() - next_);
        auto const batch = std::span{bugs_}.subspan(next_, size);
        next_ += size;
        co_await check_batch(batch);
    }
}

awaitable<void> tracker_job::check_batch(std::span<storage::bug_state> batch)
{
    auto const ids = ids_of(batch);
    auto found = co_await kind_.look(remote_, can_, ids);
    if (found.trouble && !trouble_)
        trouble_ = found.trouble;
    auto settled = settle(batch, std::move(found), kind_, shared_.how.policy, shared_.time.now());
    co_await store(std::move(settled));
}

awaitable<void> tracker_job::store(std::vector<storage::settled_bug> bugs)
{
    if (bugs.empty())
        co_return;
    storage::report report{.from = what_.tracker.id, .at = shared_.time.now(), .bugs = bugs};
    auto const stored = co_await shared_.into.apply(std::move(report));
    if (!stored) {
        broken_store_ = stored.error();
        co_return;
    }
    for (auto const& bug : bugs)
        seen_ += bug.after.last_outcome && is_success(*bug.after.last_outcome) ? 1 : 0;
    shared_.on_settled(bugs);
}

awaitable<std::optional<error>> tracker_job::learn_capabilities()
{
    if (what_.can)
        can_ = what_.can->can;
    if (!must_probe())
        co_return std::nullopt;
    auto const probed = co_await kind_.probe(remote_);
    if (!probed)
        co_return probed.error();
    can_ = *probed;
    co_await keep_capabilities(shared_.how.capabilities_last);
    co_return std::nullopt;
}

awaitable<void> tracker_job::keep_capabilities(std::chrono::seconds lasting)
{
    auto const now = shared_.time.now();
    storage::stored_capabilities known{.can = can_, .probed_at = now, .expires_at = now + lasting};
    auto work = [of = what_.tracker.id, known = std::move(known)](storage::store& to) {
        to.put_capabilities(of, known);
    };
    auto const stored = co_await shared_.into.run(std::move(work));
    if (!stored)
        broken_store_ = stored.error();
}

bool tracker_job::must_probe() const
{
    // A credential that came or went since the probe makes its proof void.
    return !what_.can || what_.can->expires_at <= shared_.time.now()
           || what_.can->can.login.empty() == has_login_;
}

std::size_t tracker_job::batch_size() const
{
    auto const most = std::max<std::size_t>(can_.batch, 1);
    return what_.settings.batch ? std::clamp<std::size_t>(static_cast<std::size_t>(*what_.settings.batch), 1, most)
                                : most;
}

} // namespace checkwatches::check
