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

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
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
    job_context const& shared, adapters::adapter const& kind, tracker_plan plan, remote_binding to)
    : shared_{shared},
      kind_{kind},
      plan_{std::move(plan)},
      has_login_{to.login.has_value()},
      remote_{shared.over, std::move(to)}
{
    tally_.tracker = plan_.tracker.name;
    tally_.kind = plan_.tracker.kind;
    tally_.base_url = plan_.tracker.base_url;
    tally_.due = plan_.bugs.size();
}

awaitable<result<tracker_tally>> tracker_job::run()
{
    auto const began = std::chrono::steady_clock::now();
    tally_.trouble = co_await learn_capabilities();
    if (tally_.trouble) {
        // The bugs that the first batch would have asked for were asked for in vain; the others were not.
        auto const first = std::span{plan_.bugs}.first(std::min(plan_.bugs.size(), can_.batch));
        adapters::findings nothing{.trouble = tally_.trouble};
        auto settled = settle(first, std::move(nothing), kind_, shared_.policy, shared_.now());
        co_await store(std::move(settled));
    }
    else {
        // A single lane, as most trackers need, is spared the cost of a group.
        auto const batches = (plan_.bugs.size() + can_.batch - 1) / can_.batch;
        std::vector<awaitable<void>> lanes;
        for (std::size_t i = 0; i != std::min(shared_.lanes, batches); ++i)
            lanes.push_back(lane());
        if (lanes.size() == 1)
            co_await std::move(lanes.front());
        else
            co_await join(std::move(lanes));
        if (may_have_changed(tally_.trouble))
            co_await keep_capabilities(std::chrono::seconds::zero());
    }

    tally_.requests = remote_.requests();
    tally_.moved_to = remote_.moved_to();
    tally_.elapsed = since(began);
    if (broken_store_)
        co_return *broken_store_;
    co_return tally_;
}

awaitable<void> tracker_job::lane()
{
    while (!tally_.trouble && !broken_store_ && next_ < plan_.bugs.size()) {
        auto const size = std::min(can_.batch, plan_.bugs.size() - next_);
        auto const batch = std::span{plan_.bugs}.subspan(next_, size);
        next_ += size;
        co_await check_batch(batch);
    }
}

awaitable<void> tracker_job::check_batch(std::span<storage::bug_state> batch)
{
    auto const ids = ids_of(batch);
    auto found = co_await kind_.look(remote_, can_, ids);
    if (found.trouble && !tally_.trouble)
        tally_.trouble = found.trouble;
    auto settled = settle(batch, std::move(found), kind_, shared_.policy, shared_.now());
    co_await store(std::move(settled));
}

awaitable<void> tracker_job::store(std::vector<storage::settled_bug> bugs)
{
    if (bugs.empty())
        co_return;
    tally_.count(bugs);
    storage::report report{.from = plan_.tracker.id, .at = shared_.now(), .bugs = std::move(bugs)};
    auto const stored = co_await shared_.into.apply(std::move(report));
    if (!stored)
        broken_store_ = stored.error();
    else
        shared_.on_batch(tally_);
}

awaitable<std::optional<error>> tracker_job::learn_capabilities()
{
    if (plan_.can)
        can_ = plan_.can->can;
    if (!must_probe())
        co_return std::nullopt;
    auto const probed = co_await kind_.probe(remote_);
    if (!probed)
        co_return probed.error();
    can_ = *probed;
    can_.batch = std::max<std::size_t>(can_.batch, 1);
    co_await keep_capabilities(shared_.capabilities_last);
    co_return std::nullopt;
}

awaitable<void> tracker_job::keep_capabilities(std::chrono::seconds lasting)
{
    auto const now = shared_.now();
    storage::stored_capabilities known{.can = can_, .probed_at = now, .expires_at = now + lasting};
    auto work = [of = plan_.tracker.id, known = std::move(known)](storage::store& to) {
        to.put_capabilities(of, known);
    };
    auto const stored = co_await shared_.into.run(std::move(work));
    if (!stored)
        broken_store_ = stored.error();
}

bool tracker_job::must_probe() const
{
    // A credential that came or went since the probe makes its proof void.
    return !plan_.can || plan_.can->expires_at <= shared_.now() || plan_.can->can.login.empty() == has_login_;
}

} // namespace checkwatches::check
