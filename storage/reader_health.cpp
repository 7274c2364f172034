#include "storage/json_list.hpp"
#include "storage/reader_impl.hpp"

#include <algorithm>

namespace checkwatches::storage {
namespace {

// A word that a newer program wrote.
outcome known(std::optional<outcome> how)
{
    return how.value_or(outcome::protocol_error);
}

} // namespace

signature reader::impl::signature_at(sqlite::cursor const& row)
{
    signature s;
    std::optional<outcome> how;
    take_all(
        row,
        0,
        s.id,
        s.tracker,
        how,
        s.message,
        s.times,
        s.bugs,
        s.first_seen,
        s.last_seen,
        s.ended_at,
        s.sample);
    s.how = known(how);
    return s;
}

tracker_state reader::state_of(tracker_id of) const
{
    tracker_state s;
    auto& set = s.settings;
    std::string products{"[]"};
    auto row = start(impl_->state_, of);
    if (row.next())
        take_all(
            row,
            0,
            s.paused,
            s.note,
            s.tried_at,
            s.succeeded_at,
            s.moved_to,
            s.skew,
            set.batch,
            set.lanes,
            set.connections,
            set.requests_per_second,
            set.changed_since,
            set.comments,
            products);
    set.comments_of = impl_->texts_of(products);
    return s;
}

std::vector<breaker_record> reader::breakers() const
{
    std::vector<breaker_record> out;
    auto rows = start(impl_->breakers_);
    while (rows.next()) {
        breaker_record b;
        std::optional<outcome> how;
        take_all(rows, 0, b.scope, b.failures, b.failed_at, b.open_until, b.announced, how, b.detail);
        b.how = known(how);
        out.push_back(std::move(b));
    }
    return out;
}

std::vector<validator> reader::validators_of(tracker_id of, std::vector<std::string> const& urls) const
{
    std::vector<validator> out;
    auto const wanted = json_list(urls);
    auto rows = start(impl_->validators_, of, wanted);
    while (rows.next()) {
        validator v;
        take_all(rows, 0, v.url, v.etag, v.last_modified, v.at);
        out.push_back(std::move(v));
    }
    return out;
}

std::optional<signature> reader::signature_by_id(std::int64_t id) const
{
    auto row = start(impl_->signature_by_id_, id);
    if (!row.next())
        return std::nullopt;
    return impl::signature_at(row);
}

std::vector<incident> reader::incidents(std::int64_t limit) const
{
    std::vector<incident> out;
    auto rows = start(impl_->incidents_, std::max<std::int64_t>(limit, 0));
    while (rows.next()) {
        incident i;
        take_all(rows, 0, i.id, i.kind, i.began, i.ended, i.detail);
        out.push_back(std::move(i));
    }
    return out;
}

std::optional<engine_record> reader::engine() const
{
    auto row = start(impl_->engine_);
    if (!row.next())
        return std::nullopt;
    engine_record e;
    take_all(row, 0, e.pid, e.version, e.started_at, e.stopped_at, e.committed_at);
    return e;
}

std::int64_t reader::additions() const
{
    auto row = start(impl_->additions_);
    row.next();
    return row.number(0);
}

} // namespace checkwatches::storage
