#include "storage/json_list.hpp"
#include "storage/listing_queries.hpp"
#include "storage/reader_impl.hpp"

#include <limits>

namespace checkwatches::storage {
namespace {

using sqlite::cursor;

tracker_pass pass_at(cursor const& row)
{
    tracker_pass p;
    std::string outcomes;
    take_all(
        row,
        0,
        p.id,
        p.from,
        p.tracker,
        p.began,
        p.ended,
        p.asked,
        p.failed,
        p.changes,
        p.requests,
        p.not_modified,
        p.bytes,
        p.deferred,
        p.trouble,
        outcomes);
    p.outcomes = read_counts(outcomes);
    return p;
}

watch_group group_at(cursor const& row)
{
    watch_group g;
    take_all(row, 0, g.value, g.watches);
    return g;
}

constexpr int behind_shown_bug = columns_of_a_bug + 3;

// All rows of a query, each as `read` makes it.
template <class Read>
auto rows_of(sqlite::database& in, query const& asked, Read read)
{
    std::vector<decltype(read(std::declval<cursor const&>()))> out;
    sqlite::statement select{in, asked.sql()};
    auto rows = asked.start(select);
    while (rows.next())
        out.push_back(read(rows));
    return out;
}

} // namespace

shown_change shown_change_at(cursor const& row)
{
    shown_change c{.what = logged_at(row, 0)};
    take_all(row, logged_columns, c.tracker, c.kind, c.base_url, c.remote_id);
    return c;
}

std::vector<shown_bug> reader::list_bugs(bug_list const& which, std::int64_t limit) const
{
    return rows_of(
        impl_->db_, query_of(which, limit), [&](cursor const& row) { return impl_->shown_bug_at(row); });
}

std::vector<shown_bug> reader::bugs_numbered(std::string const& remote_id, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of_numbered(remote_id, limit), [&](cursor const& row) {
        return impl_->shown_bug_at(row);
    });
}

std::vector<shown_watch> reader::list_watches(watch_list const& which, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of(which, limit), [&](cursor const& row) {
        shown_watch w{.on = impl_->shown_bug_at(row)};
        take_all(
            row,
            behind_shown_bug,
            w.what.label,
            w.what.source,
            w.what.owner,
            w.what.is,
            w.what.note,
            w.created_at);
        return w;
    });
}

std::vector<watch_group>
reader::watch_groups(watch_field by, std::string const& after, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of_groups(by, after, limit), group_at);
}

std::vector<fixed_upstream> reader::list_fixed(fixed_list const& which, std::int64_t limit) const
{
    auto const read = [&](cursor const& row) {
        fixed_upstream f{.bug = impl_->shown_bug_at(row)};
        take_all(row, behind_shown_bug, f.label, f.since);
        return f;
    };
    sqlite::transaction const one_state{impl_->db_, sqlite::transaction::purpose::read};
    std::vector<fixed_upstream> out;
    auto const& after = which.after;
    if (after)
        out = rows_of(impl_->db_, query_of_fixed_then(which, *after, limit), read);
    auto const before = after ? std::int64_t{after->since.time_since_epoch().count()}
                              : std::numeric_limits<std::int64_t>::max();
    auto const more = limit - static_cast<std::int64_t>(out.size());
    for (auto& each : rows_of(impl_->db_, query_of_fixed_before(which, before, more), read))
        out.push_back(std::move(each));
    return out;
}

std::vector<shown_change> reader::changes(std::int64_t after, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of_changes(after, limit), shown_change_at);
}

std::vector<shown_change> reader::list_changes(change_list const& which, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of(which, limit), shown_change_at);
}

std::vector<signature> reader::signatures(signature_list const& which, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of(which, limit), impl::signature_at);
}

std::vector<tracker_pass> reader::list_passes(pass_list const& which, std::int64_t limit) const
{
    return rows_of(impl_->db_, query_of(which, limit), pass_at);
}

} // namespace checkwatches::storage
