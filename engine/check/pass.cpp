#include "engine/check/pass.hpp"

#include "engine/core/join.hpp"

namespace checkwatches::check {
namespace {

tracker_tally failed_tally(tracker_plan const& plan, error why)
{
    return tracker_tally{
        .tracker = plan.tracker.name,
        .kind = plan.tracker.kind,
        .base_url = plan.tracker.base_url,
        .due = plan.bugs.size(),
        .trouble = std::move(why)};
}

} // namespace

pass::pass(
    net::client& over,
    storage::writer& into,
    adapters::registry const& kinds,
    pass_settings const& settings,
    pass_observer& observer)
    : kinds_{kinds},
      settings_{settings},
      observer_{observer},
      shared_{
          .over = over,
          .into = into,
          .policy = settings.policy,
          .capabilities_last = settings.capabilities_last,
          .lanes = settings.lanes,
          .now = utc_now,
          .on_batch = [this](tracker_tally const& so_far) { observer_.on_batch(so_far); }}
{}

awaitable<result<pass_result>> pass::run(std::vector<tracker_plan> plan)
{
    auto const began = std::chrono::steady_clock::now();
    pass_result done{.trackers = std::vector<tracker_tally>(plan.size())};
    std::size_t bugs = 0;
    for (auto const& part : plan)
        bugs += part.bugs.size();
    observer_.on_plan(plan.size(), bugs);
    std::vector<awaitable<void>> jobs;
    jobs.reserve(plan.size());
    for (std::size_t i = 0; i != plan.size(); ++i)
        jobs.push_back(run_tracker(std::move(plan[i]), done.trackers[i]));
    co_await join(std::move(jobs));
    if (broken_store_)
        co_return *broken_store_;
    done.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    co_return done;
}

awaitable<void> pass::run_tracker(tracker_plan plan, tracker_tally& into)
{
    auto const* const kind = kinds_.find(plan.tracker.kind);
    auto to = bind_to(plan.tracker.base_url, plan.tracker.api_url, settings_.credentials);
    if (kind == nullptr || !to) {
        error const unknown{
            .kind = error_kind::unsupported, .message = "no adapter for kind " + plan.tracker.kind};
        into = failed_tally(plan, kind == nullptr ? unknown : to.error());
        observer_.on_tracker(into);
        co_return;
    }
    tracker_job job{shared_, *kind, std::move(plan), std::move(*to)};
    auto done = co_await job.run();
    if (!done) {
        broken_store_ = done.error();
        co_return;
    }
    into = std::move(*done);
    observer_.on_tracker(into);
}

} // namespace checkwatches::check
