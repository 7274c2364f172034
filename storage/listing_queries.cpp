#include "storage/listing_queries.hpp"

#include "storage/conditions.hpp"
#include "storage/reader_impl.hpp"

#include <algorithm>
#include <limits>

namespace checkwatches::storage {
namespace {

constexpr auto greatest = std::numeric_limits<std::int64_t>::max();

constexpr auto tracker_columns = ", t.name, t.kind, t.base_url";
constexpr auto join_tracker = " CROSS JOIN trackers t ON t.id = b.tracker_id";
constexpr auto join_checks = " CROSS JOIN bug_checks k ON k.bug_id = b.id";
constexpr auto join_bugs = " CROSS JOIN bugs b ON b.id = k.bug_id";

// The ids that a list is about: those of a tracker, or all.
struct id_range {
    bug_id lowest{0};
    bug_id highest{greatest};
};

id_range range_of(std::optional<tracker_id> of)
{
    return of ? id_range{make_bug_id(*of, 0), last_bug_id(*of)} : id_range{};
}

// A negative LIMIT would be none.
void add_limit(query& to, std::int64_t limit)
{
    to.add(" LIMIT ?", std::max<std::int64_t>(limit, 0));
}

// What a watch "w" must be.
template <class List>
void add_watch_terms(query& to, List const& which)
{
    if (which.label)
        to.add(" AND w.label = ?", *which.label);
    if (which.owner)
        to.add(" AND w.owner = ?", *which.owner);
    if (which.source)
        to.add(" AND w.source = ?", *which.source);
}

template <class List>
bool is_about_watches(List const& which)
{
    return which.label || which.owner || which.source;
}

// The index by which watches that are restricted so are found; empty: by their bugs.
template <class List>
std::string_view watch_index(List const& which)
{
    if (which.label)
        return " INDEXED BY watches_by_label";
    if (which.owner)
        return " INDEXED BY watches_by_owner";
    return which.source ? " INDEXED BY watches_by_source" : "";
}

bool has_failed(bug_list const& which)
{
    return which.how && !is_success(*which.how);
}

// The index by which bugs are found by their checks; empty: by their ids.
std::string_view check_index(bug_list const& which)
{
    if (has_failed(which))
        return " INDEXED BY bugs_by_outcome";
    if (which.failing)
        return " INDEXED BY failing_bugs";
    return which.unchecked ? " INDEXED BY unchecked_bugs" : "";
}

void add_bug_terms(query& to, bug_list const& which)
{
    if (which.signature)
        to.add(" AND b.signature_id = ?", *which.signature);
    if (which.how)
        to.add(" AND k.last_outcome = ?", *which.how);
    if (has_failed(which))
        to.add(" AND").add(k_failed);
    if (which.failing)
        to.add(" AND").add(k_fails);
    if (which.unchecked)
        to.add(" AND").add(k_is_unchecked);
}

} // namespace

query query_of(bug_list const& which, std::int64_t limit)
{
    auto range = range_of(which.of);
    if (which.after && *which.after >= range.lowest)
        range.lowest = static_cast<bug_id>(static_cast<std::int64_t>(*which.after) + 1);
    bool const from_watches = is_about_watches(which) && !which.signature;

    query q;
    q.add("SELECT").add(bug_columns).add(tracker_columns);
    auto const* id = "k.bug_id";
    if (from_watches) {
        id = "w.bug_id";
        q.add(" FROM watches w")
            .add(watch_index(which))
            .add(" CROSS JOIN bugs b ON b.id = w.bug_id")
            .add(join_checks);
    }
    else if (which.signature) {
        id = "b.id";
        q.add(" FROM bugs b INDEXED BY bugs_by_signature").add(join_checks);
    }
    else
        q.add(" FROM bug_checks k").add(check_index(which)).add(join_bugs);
    q.add(join_tracker);
    q.add(" WHERE ").add(id).add(" BETWEEN ? AND ?", range.lowest, range.highest);
    add_bug_terms(q, which);
    if (from_watches) {
        add_watch_terms(q, which);
        q.add(" GROUP BY w.bug_id"); // several watches may say the same
    }
    else if (is_about_watches(which)) {
        q.add(" AND EXISTS (SELECT 1 FROM watches w WHERE w.bug_id = b.id");
        add_watch_terms(q, which);
        q.add(")");
    }
    q.add(" ORDER BY ").add(id);
    add_limit(q, limit);
    return q;
}

query query_of_numbered(std::string const& remote_id, std::int64_t limit)
{
    query q;
    q.add("SELECT").add(bug_columns).add(tracker_columns);
    q.add(" FROM trackers t CROSS JOIN bugs b ON b.tracker_id = t.id AND b.remote_id = ?", remote_id);
    q.add(join_checks).add(" ORDER BY t.id");
    add_limit(q, limit);
    return q;
}

query query_of(watch_list const& which, std::int64_t limit)
{
    auto const range = range_of(which.of);
    // Nothing has the lowest id: no bug has the number 0.
    auto const after = which.after && which.after->bug > range.lowest ? *which.after
                                                                      : watch_key{.bug = range.lowest};
    query q;
    q.add("SELECT").add(bug_columns).add(tracker_columns);
    q.add(", w.label, w.source, w.owner, w.relation, w.note, w.created_at FROM watches w")
        .add(watch_index(which));
    q.add(" CROSS JOIN bugs b ON b.id = w.bug_id").add(join_checks).add(join_tracker);
    // Each time as the driving index goes on behind what is equal.
    if (which.label)
        q.add(" WHERE (w.bug_id, w.source) > (?, ?)", after.bug, after.source);
    else if (which.source && !which.owner)
        q.add(" WHERE (w.bug_id, w.label) > (?, ?)", after.bug, after.label);
    else
        q.add(" WHERE (w.bug_id, w.label, w.source) > (?, ?, ?)", after.bug, after.label, after.source);
    q.add(" AND w.bug_id <= ?", range.highest);
    add_watch_terms(q, which);
    q.add(" ORDER BY w.bug_id, w.label, w.source");
    add_limit(q, limit);
    return q;
}

query query_of_groups(watch_field by, std::string const& after, std::int64_t limit)
{
    std::string_view const column = by == watch_field::label   ? "label"
                                    : by == watch_field::owner ? "owner"
                                                               : "source";
    query q;
    q.add("SELECT ").add(column).add(", count(*) FROM watches INDEXED BY watches_by_").add(column);
    q.add(" WHERE ").add(column).add(" > ? GROUP BY ", after).add(column).add(" ORDER BY ").add(column);
    add_limit(q, limit);
    return q;
}

namespace {

std::string_view condition_of(fixed_kind kind)
{
    switch (kind) {
    case fixed_kind::fixed: return " AND b.status = 'Fix Released' AND b.duplicate_of = ''";
    case fixed_kind::wont_fix: return " AND b.status = 'Won''t Fix' AND b.duplicate_of = ''";
    case fixed_kind::invalid: return " AND b.status = 'Invalid' AND b.duplicate_of = ''";
    case fixed_kind::duplicate: break;
    }
    return " AND b.duplicate_of <> ''";
}

// Rows of resolved bugs that meet a condition on since when, each with one of its labels. A label that
// several sources gave is one; and an act is no change of the bug.
query fixed_where(fixed_list const& which, std::string_view condition, std::int64_t since)
{
    query q;
    q.add("SELECT").add(bug_columns).add(tracker_columns).add(", w.label, b.resolved_at");
    if (which.label)
        q.add(" FROM watches w INDEXED BY watches_by_label CROSS JOIN bugs b ON b.id = w.bug_id");
    else if (which.owner)
        q.add(" FROM watches w INDEXED BY watches_by_owner CROSS JOIN bugs b ON b.id = w.bug_id");
    else
        q.add(" FROM bugs b INDEXED BY resolved_bugs CROSS JOIN watches w ON w.bug_id = b.id");
    q.add(join_checks).add(join_tracker);
    q.add(" WHERE").add(b_is_resolved).add("AND").add(b_resolved_at).add(condition, since);
    if (which.kind)
        q.add(condition_of(*which.kind));
    if (which.label)
        q.add(" AND w.label = ?", *which.label);
    if (which.owner)
        q.add(" AND w.owner = ?", *which.owner);
    q.add(" AND w.label <> '' AND NOT EXISTS (");
    q.add("SELECT 1 FROM watches v WHERE v.bug_id = w.bug_id AND v.label = w.label AND v.source < w.source");
    if (which.owner)
        q.add(" AND v.owner = ?", *which.owner);
    q.add(R"sql()
        AND NOT EXISTS (
            SELECT 1 FROM put_away p WHERE p.bug_id = w.bug_id AND p.label = w.label AND NOT EXISTS (
                SELECT 1 FROM changes c INDEXED BY changes_by_bug
                WHERE c.bug_id = p.bug_id AND c.id > p.change_id AND c.actor = ''))
)sql");
    return q;
}

} // namespace

query query_of_fixed_then(fixed_list const& which, fixed_key const& after, std::int64_t limit)
{
    auto q = fixed_where(which, "= ?", after.since.time_since_epoch().count());
    q.add(" AND b.id >= ? AND (b.id > ? OR w.label > ?)", after.bug, after.bug, after.label);
    q.add(" ORDER BY b.id, w.label");
    add_limit(q, limit);
    return q;
}

query query_of_fixed_before(fixed_list const& which, std::int64_t since, std::int64_t limit)
{
    auto q = fixed_where(which, "< ?", since);
    q.add("ORDER BY").add(b_resolved_at).add("DESC, b.id, w.label");
    add_limit(q, limit);
    return q;
}

namespace {

// An act may be of no bug, or of no tracker.
query changes_from(std::string_view table)
{
    query q;
    q.add(R"sql(
        SELECT c.id, c.at, c.tracker_id, c.bug_id, c.field, c.before, c.after, c.remote_before, c.remote_after,
            c.reason, c.actor, c.previous, coalesce(t.name, ''), coalesce(t.kind, ''), coalesce(t.base_url, ''),
            coalesce(b.remote_id, '')
        FROM )sql");
    q.add(table).add(" LEFT JOIN bugs b ON b.id = c.bug_id LEFT JOIN trackers t ON t.id = c.tracker_id");
    return q;
}

} // namespace

query query_of_changes(std::int64_t after, std::int64_t limit)
{
    auto q = changes_from("changes c");
    q.add(" WHERE c.id > ? ORDER BY c.id", after);
    add_limit(q, limit);
    return q;
}

query query_of(log_part const& which, std::int64_t limit)
{
    auto q = changes_from(
        which.bug     ? "changes c INDEXED BY changes_by_bug"
        : which.of    ? "changes c INDEXED BY changes_by_tracker"
        : which.actor ? "changes c INDEXED BY changes_by_actor"
                      : "changes c");
    q.add(" WHERE c.id > ? AND c.id <= ?", which.after, which.up_to);
    if (which.bug)
        q.add(" AND c.bug_id = ?", *which.bug);
    if (which.of)
        q.add(" AND c.tracker_id = ?", *which.of);
    if (which.actor)
        q.add(" AND c.actor = ?", *which.actor);
    q.add(which.newest ? " ORDER BY c.id DESC" : " ORDER BY c.id");
    add_limit(q, limit);
    return q;
}

query query_of(change_list const& which, std::int64_t limit)
{
    auto q = changes_from(
        which.bug  ? "changes c INDEXED BY changes_by_bug"
        : which.of ? "changes c INDEXED BY changes_by_tracker"
                   : "changes c");
    q.add(" WHERE c.id < ?", which.before.value_or(greatest));
    if (which.bug)
        q.add(" AND c.bug_id = ?", *which.bug);
    if (which.of)
        q.add(" AND c.tracker_id = ?", *which.of);
    if (which.statuses)
        q.add(" AND c.field = 'status' AND c.actor = ''");
    q.add(" ORDER BY c.id DESC");
    add_limit(q, limit);
    return q;
}

query query_of(signature_list const& which, std::int64_t limit)
{
    query q;
    q.add("SELECT").add(signature_columns);
    // Of one tracker there are at most 1,000: those are sorted.
    q.add(" FROM signatures s");
    if (!which.of && !which.with_ended)
        q.add(" INDEXED BY open_signatures");
    q.add(" CROSS JOIN trackers t ON t.id = s.tracker_id WHERE true");
    if (which.of)
        q.add(" AND s.tracker_id = ?", *which.of);
    if (!which.with_ended)
        q.add(" AND s.ended_at IS NULL");
    q.add(" ORDER BY s.bugs DESC, s.times DESC, s.id");
    add_limit(q, limit);
    return q;
}

query query_of(pass_list const& which, std::int64_t limit)
{
    query q;
    q.add(R"sql(
        SELECT p.id, p.tracker_id, t.name, p.began, p.ended, p.asked, p.failed, p.changes, p.requests,
            p.not_modified, p.bytes, p.deferred, p.trouble, p.outcomes
        FROM passes p)sql");
    if (which.of)
        q.add(" INDEXED BY passes_by_tracker");
    q.add(" CROSS JOIN trackers t ON t.id = p.tracker_id WHERE p.id < ?", which.before.value_or(greatest));
    if (which.of)
        q.add(" AND p.tracker_id = ?", *which.of);
    q.add(" ORDER BY p.id DESC");
    add_limit(q, limit);
    return q;
}

} // namespace checkwatches::storage
