#include "storage/json_list.hpp"
#include "storage/store_impl.hpp"

namespace checkwatches::storage {

void store::put_tracker_state(tracker_id of, tracker_state const& state)
{
    auto const& set = state.settings;
    run(impl_->put_state_,
        of,
        state.paused,
        state.note,
        state.tried_at,
        state.succeeded_at,
        state.moved_to,
        state.skew,
        set.batch,
        set.lanes,
        set.connections,
        set.requests_per_second,
        set.changed_since,
        set.comments,
        json_list(set.comments_of));
}

void store::put_breaker(breaker_record const& b)
{
    run(impl_->put_breaker_, b.scope, b.failures, b.failed_at, b.open_until, b.announced, b.how, b.detail);
}

void store::drop_breaker(std::string const& scope)
{
    run(impl_->drop_breaker_, scope);
}

void store::make_due(std::vector<bug_id> const& bugs, utc_time now)
{
    run(impl_->make_due_, json_list(bugs), now);
}

std::int64_t store::begin_incident(incident const& i)
{
    run(impl_->begin_incident_, i.kind, i.began, i.ended, i.detail);
    return impl_->db_.last_id();
}

void store::end_incident(std::int64_t id, utc_time at)
{
    run(impl_->end_incident_, id, at);
}

void store::begin_engine(engine_record const& e)
{
    run(impl_->begin_engine_, e.pid, e.version, e.started_at, e.stopped_at, e.committed_at);
}

void store::end_engine(utc_time at)
{
    run(impl_->end_engine_, at);
}

std::int64_t store::prune(retention const& keep, utc_time now, std::int64_t most)
{
    auto& i = *impl_;
    return i.atomically([&] {
        auto removed = std::int64_t{0};
        auto const remove_before = [&](sqlite::statement& what, auto const& limit) {
            if (removed >= most)
                return;
            run(what, limit, most - removed);
            removed += i.db_.changes();
        };
        auto const remove = [&](sqlite::statement& what, std::chrono::seconds age) {
            remove_before(what, now - age);
        };
        remove(i.prune_runs_, keep.checks);
        remove(i.prune_signatures_, keep.signatures);
        remove(i.prune_validators_, keep.validators);
        remove(i.prune_incidents_, keep.incidents);
        remove(i.prune_passes_, keep.passes);
        remove_before(i.prune_outcome_days_, day_of(now - keep.days));
        remove_before(i.prune_traffic_days_, day_of(now - keep.days));
        return removed;
    });
}

} // namespace checkwatches::storage
