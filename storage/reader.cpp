#include "storage/reader.hpp"

#include "storage/columns.hpp"
#include "storage/json_list.hpp"
#include "storage/open.hpp"

#include <algorithm>
#include <utility>

namespace checkwatches::storage {
namespace {

using sqlite::cursor;
using sqlite::statement;

constexpr auto select_tracker = "SELECT id, kind, name, base_url, api_url, created_at FROM trackers ";

tracker tracker_at(cursor const& row)
{
    tracker t;
    take_all(row, 0, t.id, t.kind, t.name, t.base_url, t.api_url, t.created_at);
    return t;
}

std::optional<tracker> first_tracker(cursor&& rows)
{
    if (!rows.next())
        return std::nullopt;
    return tracker_at(rows);
}

constexpr auto bug_columns = R"sql( b.id, b.remote_id, b.status, b.importance, b.raw_status, b.raw_resolution,
    b.raw_priority, b.raw_severity, b.raw_type, b.title, b.duplicate_of, b.modified_at, b.replaced,
    b.last_outcome, b.error, b.checked_at, b.seen_at, b.changed_at, b.next_check, b.failures, b.run_began,
    b.run_checks, b.runs_ended, b.raw_labels )sql";
constexpr int labels_column = 23;
constexpr int columns_of_a_bug = 24;

// All but the labels.
bug_state bug_at(cursor const& row)
{
    bug_state b;
    take_all(
        row,
        0,
        b.id,
        b.remote_id,
        b.state,
        b.weight,
        b.words.status,
        b.words.resolution,
        b.words.priority,
        b.words.severity,
        b.words.type,
        b.title,
        b.duplicate_of,
        b.modified_at,
        b.replaced,
        b.last_outcome,
        b.error,
        b.checked_at,
        b.seen_at,
        b.changed_at,
        b.next_check,
        b.failures,
        b.run_began,
        b.run_checks,
        b.runs_ended);
    return b;
}

shown_change change_at(cursor const& row)
{
    shown_change c;
    take_all(
        row,
        0,
        c.what.id,
        c.what.at,
        c.what.bug,
        c.what.field,
        c.what.before,
        c.what.after,
        c.what.remote_before,
        c.what.remote_after,
        c.tracker,
        c.kind,
        c.base_url,
        c.remote_id);
    return c;
}

// The statement of each_bug. Where bugs or a label are named it starts from those; otherwise it walks the
// trackers by name and their bugs by id, and needs no sorting.
std::string select_shown(bug_filter const& which)
{
    bool const from_bugs = !which.bugs.empty() || which.label;
    std::string sql{"SELECT"};
    sql += bug_columns;
    sql += ", t.name, t.kind, t.base_url FROM ";
    if (from_bugs)
        sql += "bugs b CROSS JOIN trackers t ON t.id = b.tracker_id";
    else
        sql += "trackers t CROSS JOIN bugs b ON b.id BETWEEN t.id << 32 AND t.id << 32 | 0xffffffff";
    sql += " WHERE true";
    if (!which.bugs.empty())
        sql += " AND b.id IN (SELECT value FROM json_each(?1))";
    if (!which.trackers.empty())
        sql += " AND t.name IN (SELECT value FROM json_each(?2))";
    if (which.label)
        sql += " AND b.id IN (SELECT bug_id FROM watches WHERE label = ?3)";
    if (which.how)
        sql += " AND b.last_outcome = ?4";
    return sql + " ORDER BY t.name, b.id";
}

} // namespace

class reader::impl {
public:
    explicit impl(sqlite::database db) : db_{std::move(db)} {}

    std::vector<std::string> texts_of(std::string_view json_array);
    bug_state whole_bug_at(cursor const& row);
    std::vector<std::string> labels_of(bug_id id);

    sqlite::database db_;

    statement trackers_{db_, std::string{select_tracker} + "ORDER BY name"};
    statement tracker_by_name_{db_, std::string{select_tracker} + "WHERE name = ?1"};
    statement tracker_by_url_{
        db_,
        std::string{select_tracker} + "WHERE id = (SELECT tracker_id FROM tracker_aliases WHERE url = ?1)"};
    statement capabilities_{db_, R"sql(
        SELECT protocol, version, batch, changed_since, importance, comments, login, identity, probed_at,
            expires_at
        FROM capabilities WHERE tracker_id = ?1)sql"};
    statement find_bug_{db_, "SELECT id FROM bugs WHERE tracker_id = ?1 AND remote_id = ?2"};
    statement due_{db_, std::string{"SELECT"} + bug_columns + R"sql(
        FROM bugs b WHERE b.id BETWEEN ?1 AND ?2 AND (?3 IS NULL OR b.next_check <= ?3)
        ORDER BY b.checked_at IS NOT NULL, b.next_check, b.id)sql"};
    statement labels_{
        db_, "SELECT DISTINCT label FROM watches WHERE bug_id = ?1 AND label <> '' ORDER BY label"};
    statement split_{db_, "SELECT value FROM json_each(?1)"};
    // The run that goes on, then those that ended.
    statement runs_{db_, R"sql(
        SELECT run_began, checked_at, last_outcome, error, run_checks, runs_ended + 1 AS number
        FROM bugs WHERE id = ?1 AND run_checks > 0
        UNION ALL
        SELECT first_at, last_at, outcome, detail, times, number FROM check_runs WHERE bug_id = ?1
        ORDER BY number DESC)sql"};
    statement watches_{
        db_, "SELECT label, source, owner FROM watches WHERE bug_id = ?1 ORDER BY label, source"};
    statement changes_{db_, R"sql(
        SELECT c.id, c.at, c.bug_id, c.field, c.before, c.after, c.remote_before, c.remote_after,
            t.name, t.kind, t.base_url, b.remote_id
        FROM changes c CROSS JOIN bugs b ON b.id = c.bug_id CROSS JOIN trackers t ON t.id = b.tracker_id
        WHERE c.id > ?1 ORDER BY c.id LIMIT ?2)sql"};
    statement last_change_{db_, "SELECT max(id) FROM changes"};
    statement unmapped_{db_, R"sql(
        SELECT t.name, u.field, u.word, u.times, u.first_seen, u.last_seen
        FROM unmapped_words u JOIN trackers t ON t.id = u.tracker_id
        ORDER BY u.times DESC, t.name, u.field, u.word)sql"};
};

std::vector<std::string> reader::impl::texts_of(std::string_view json_array)
{
    std::vector<std::string> out;
    if (json_array == "[]")
        return out;
    auto rows = start(split_, json_array);
    while (rows.next())
        out.emplace_back(rows.text(0));
    return out;
}

bug_state reader::impl::whole_bug_at(cursor const& row)
{
    auto b = bug_at(row);
    b.words.labels = texts_of(row.text(labels_column));
    return b;
}

std::vector<std::string> reader::impl::labels_of(bug_id id)
{
    std::vector<std::string> out;
    auto rows = start(labels_, id);
    while (rows.next())
        out.emplace_back(rows.text(0));
    return out;
}

result<std::unique_ptr<reader>> reader::open(std::string const& path)
{
    auto db = open_for_reading(path);
    if (!db)
        return db.error();
    try {
        return std::unique_ptr<reader>{new reader{std::make_unique<impl>(std::move(*db))}};
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

reader::reader(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
reader::~reader() = default;

std::vector<tracker> reader::trackers() const
{
    std::vector<tracker> out;
    auto rows = start(impl_->trackers_);
    while (rows.next())
        out.push_back(tracker_at(rows));
    return out;
}

std::optional<tracker> reader::tracker_by_name(std::string const& name) const
{
    return first_tracker(start(impl_->tracker_by_name_, name));
}

std::optional<tracker> reader::tracker_by_url(std::string const& url) const
{
    return first_tracker(start(impl_->tracker_by_url_, url));
}

std::optional<stored_capabilities> reader::capabilities_of(tracker_id of) const
{
    auto row = start(impl_->capabilities_, of);
    if (!row.next())
        return std::nullopt;
    stored_capabilities found;
    auto& can = found.can;
    take_all(
        row,
        0,
        can.protocol,
        can.version,
        can.batch,
        can.changed_since,
        can.importance,
        can.comments,
        can.login,
        can.identity,
        found.probed_at,
        found.expires_at);
    return found;
}

std::optional<bug_id> reader::find_bug(tracker_id of, std::string const& remote_id) const
{
    auto row = start(impl_->find_bug_, of, remote_id);
    if (!row.next())
        return std::nullopt;
    return static_cast<bug_id>(row.number(0));
}

void reader::each_bug(bug_filter const& which, std::function<void(shown_bug const&)> const& visit) const
{
    auto& i = *impl_;
    statement select{i.db_, select_shown(which)};
    auto const bugs = json_list(which.bugs);
    auto const names = json_list(which.trackers);
    if (!which.bugs.empty())
        put(select, 1, bugs);
    if (!which.trackers.empty())
        put(select, 2, names);
    if (which.label)
        put(select, 3, *which.label);
    if (which.how)
        put(select, 4, *which.how);
    // The labels of each bug are read while this cursor is open, and so from the same state.
    auto rows = select.rows();
    while (rows.next()) {
        shown_bug shown{.bug = i.whole_bug_at(rows)};
        take_all(rows, columns_of_a_bug, shown.tracker, shown.kind, shown.base_url);
        shown.labels = i.labels_of(shown.bug.id);
        visit(shown);
    }
}

std::vector<bug_state> reader::due(tracker_id of, std::optional<utc_time> now) const
{
    std::vector<bug_state> out;
    auto rows = start(impl_->due_, make_bug_id(of, 0), make_bug_id(of, 0xffff'ffff), now);
    while (rows.next())
        out.push_back(impl_->whole_bug_at(rows));
    return out;
}

std::vector<check_run> reader::runs(bug_id of) const
{
    std::vector<check_run> out;
    auto rows = start(impl_->runs_, of);
    while (rows.next()) {
        check_run r;
        std::optional<outcome> how;
        take_all(rows, 0, r.first, r.last, how, r.detail, r.times);
        r.how = how.value_or(outcome::protocol_error);
        out.push_back(std::move(r));
    }
    return out;
}

std::vector<watch> reader::watches(bug_id of) const
{
    std::vector<watch> out;
    auto rows = start(impl_->watches_, of);
    while (rows.next()) {
        watch w;
        take_all(rows, 0, w.label, w.source, w.owner);
        out.push_back(std::move(w));
    }
    return out;
}

std::vector<shown_change> reader::changes(std::int64_t after, std::int64_t limit) const
{
    std::vector<shown_change> out;
    // A negative LIMIT would be none.
    auto rows = start(impl_->changes_, after, std::max<std::int64_t>(limit, 0));
    while (rows.next())
        out.push_back(change_at(rows));
    return out;
}

std::int64_t reader::last_change() const
{
    auto row = start(impl_->last_change_);
    row.next();
    return row.number(0);
}

std::vector<unmapped_entry> reader::unmapped() const
{
    std::vector<unmapped_entry> out;
    auto rows = start(impl_->unmapped_);
    while (rows.next()) {
        unmapped_entry u;
        take_all(rows, 0, u.tracker, u.what.field, u.what.word, u.times, u.first_seen, u.last_seen);
        out.push_back(std::move(u));
    }
    return out;
}

} // namespace checkwatches::storage
