#include "storage/json_list.hpp"
#include "storage/reader_impl.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace checkwatches::storage {
namespace {

using sqlite::cursor;
using sqlite::statement;

// The statement of each_bug. Where bugs or a label are named it starts from those; otherwise it walks the
// trackers by name and their bugs by id, and needs no sorting.
std::string select_shown(bug_filter const& which)
{
    bool const from_bugs = !which.bugs.empty() || which.label;
    std::string const id = from_bugs ? "b.id" : "k.bug_id";
    std::string sql{"SELECT"};
    sql += bug_columns;
    sql += ", t.name, t.kind, t.base_url FROM ";
    if (from_bugs)
        sql +=
            "bugs b CROSS JOIN bug_checks k ON k.bug_id = b.id CROSS JOIN trackers t ON t.id = b.tracker_id";
    else
        sql +=
            "trackers t CROSS JOIN bug_checks k ON k.bug_id BETWEEN t.id << 32 AND t.id << 32 | 0xffffffff "
            "CROSS JOIN bugs b ON b.id = k.bug_id";
    sql += " WHERE true";
    if (!which.bugs.empty())
        sql += " AND b.id IN (SELECT value FROM json_each(?1))";
    if (!which.trackers.empty())
        sql += " AND t.name IN (SELECT value FROM json_each(?2))";
    if (which.label)
        sql += " AND b.id IN (SELECT bug_id FROM watches WHERE label = ?3)";
    if (which.how)
        sql += " AND k.last_outcome = ?4";
    return sql + " ORDER BY t.name, " + id;
}

// Ascending without a gap.
bool are_neighbours(std::vector<bug_id> const& ids)
{
    auto const follows = [](bug_id a, bug_id b) {
        return static_cast<std::int64_t>(a) + 1 == static_cast<std::int64_t>(b);
    };
    return !ids.empty() && std::ranges::adjacent_find(ids, std::not_fn(follows)) == ids.end();
}

std::vector<leading_bug> leading_bugs(sqlite::statement& which)
{
    std::vector<leading_bug> out;
    auto rows = start(which);
    while (rows.next()) {
        leading_bug b;
        take_all(rows, 0, b.bug, b.kind, b.base_url, b.api_url, b.url, b.watches);
        out.push_back(std::move(b));
    }
    return out;
}

} // namespace

void reader::impl::take_bug(cursor const& row, bug_state& b)
{
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
        b.runs_ended,
        b.server_time,
        b.read_at,
        b.product);
    b.words.labels = texts_of(row.text(columns_of_a_bug - 1));
}

shown_bug reader::impl::shown_bug_at(cursor const& row)
{
    shown_bug shown;
    take_bug(row, shown.bug);
    take_all(row, columns_of_a_bug, shown.tracker, shown.kind, shown.base_url);
    shown.labels = labels_of(shown.bug.id);
    return shown;
}

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

std::vector<std::string> reader::impl::labels_of(bug_id id)
{
    std::vector<std::string> out;
    auto rows = start(labels_, id);
    while (rows.next())
        out.emplace_back(rows.text(0));
    return out;
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
    auto rows = select.rows();
    while (rows.next())
        visit(i.shown_bug_at(rows));
}

std::vector<bug_state> reader::due(tracker_id of, std::optional<utc_time> now) const
{
    std::vector<bug_state> out;
    auto rows = start(impl_->due_, make_bug_id(of, 0), last_bug_id(of), now);
    while (rows.next())
        impl_->take_bug(rows, out.emplace_back());
    return out;
}

template <class Visit>
void reader::impl::each_of(std::vector<bug_id> const& which, Visit visit)
{
    if (are_neighbours(which)) { // as a tracker's batch often is: one walk in place of as many searches
        auto rows = start(bugs_between_, which.front(), which.back());
        while (rows.next())
            visit(rows);
        return;
    }
    auto const ids = json_list(which);
    auto rows = start(bugs_, ids);
    while (rows.next())
        visit(rows);
}

std::vector<bug_state> reader::bugs(std::vector<bug_id> const& which) const
{
    std::vector<bug_state> out;
    out.reserve(which.size());
    impl_->each_of(which, [&](cursor const& row) { impl_->take_bug(row, out.emplace_back()); });
    return out;
}

// A row is large, and is written once: into the place that it has in the order asked.
std::vector<settled_bug> reader::bugs_to_settle(std::vector<bug_id> const& which) const
{
    std::vector<std::pair<bug_id, std::size_t>> places;
    places.reserve(which.size());
    for (auto const id : which)
        places.emplace_back(id, places.size());
    std::ranges::sort(places);
    std::vector<bug_id> ids;
    ids.reserve(which.size());
    for (auto const& [id, place] : places)
        ids.push_back(id);

    std::vector<settled_bug> out(which.size());
    auto next = places.begin();
    impl_->each_of(ids, [&](cursor const& row) {
        auto const id = impl::bug_id_at(row);
        next = std::find_if(next, places.end(), [&](auto const& one) { return one.first == id; });
        impl_->take_bug(row, out[next->second].after);
    });
    std::erase_if(out, [](settled_bug const& one) { return one.after.id == bug_id{}; });
    return out;
}

std::vector<leading_bug> reader::moved_bugs() const
{
    return leading_bugs(impl_->moved_bugs_);
}

std::vector<leading_bug> reader::duplicate_bugs() const
{
    return leading_bugs(impl_->duplicate_bugs_);
}

void reader::each_appointment(
    std::optional<tracker_id> of, bug_id after, std::function<void(appointment const&)> const& visit) const
{
    auto const lowest = of ? make_bug_id(*of, 0) : bug_id{0};
    auto const highest = of ? last_bug_id(*of) : bug_id{std::numeric_limits<std::int64_t>::max()};
    if (after >= highest)
        return;
    auto const first = std::max(lowest, static_cast<bug_id>(static_cast<std::int64_t>(after) + 1));
    auto rows = start(impl_->appointments_, first, highest);
    while (rows.next()) {
        appointment a;
        take_all(rows, 0, a.bug, a.next_check, a.checked);
        visit(a);
    }
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
        take_all(rows, 0, w.label, w.source, w.owner, w.is, w.note);
        out.push_back(std::move(w));
    }
    return out;
}

} // namespace checkwatches::storage
