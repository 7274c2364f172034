#include "storage/store.hpp"

#include "storage/columns.hpp"
#include "storage/json_list.hpp"
#include "storage/open.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace checkwatches::storage {
namespace {

using sqlite::statement;
using sqlite::transaction;

constexpr std::int64_t runs_kept = 16; // of each bug; the schema says so, too

error taken(std::string message)
{
    return error{.kind = error_kind::usage, .message = std::move(message)};
}

} // namespace

class store::impl {
public:
    explicit impl(sqlite::database db) : db_{std::move(db)} {}

    // Joins the transaction that runs, or makes one.
    template <class Work>
    auto atomically(Work work)
    {
        if (db_.in_transaction())
            return work();
        transaction writing{db_, transaction::purpose::write};
        auto made = work();
        writing.commit();
        return made;
    }

    std::optional<std::string> name_of_owner(std::string const& url);
    void apply_bug(report const& r, settled_bug const& settled);
    change apply_change(change c, bug_id bug);

    sqlite::database db_;

    statement tracker_by_name_{db_, "SELECT 1 FROM trackers WHERE name = ?1"};
    statement tracker_by_url_{db_, R"sql(
        SELECT t.name FROM tracker_aliases a JOIN trackers t ON t.id = a.tracker_id WHERE a.url = ?1)sql"};
    statement alias_of_{db_, "SELECT 1 FROM tracker_aliases WHERE url = ?1 AND tracker_id = ?2"};
    statement insert_tracker_{db_, R"sql(
        INSERT INTO trackers (kind, name, base_url, api_url, created_at) VALUES (?1, ?2, ?3, ?4, ?5))sql"};
    statement insert_alias_{db_, "INSERT INTO tracker_aliases (url, tracker_id) VALUES (?1, ?2)"};
    statement put_capabilities_{db_, R"sql(
        INSERT OR REPLACE INTO capabilities (tracker_id, protocol, version, batch, changed_since, importance,
            comments, login, identity, probed_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11))sql"};

    statement find_bug_{db_, "SELECT id FROM bugs WHERE tracker_id = ?1 AND remote_id = ?2"};
    statement last_bug_{db_, "SELECT max(id) FROM bugs WHERE id BETWEEN ?1 AND ?2"};
    statement insert_bug_{
        db_, "INSERT INTO bugs (id, tracker_id, remote_id, next_check) VALUES (?1, ?2, ?3, ?4)"};
    statement insert_watch_{db_, R"sql(
        INSERT INTO watches (bug_id, label, source, owner, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING)sql"};

    statement update_bug_{db_, R"sql(
        UPDATE bugs SET last_outcome = ?2, error = ?3, checked_at = ?4, seen_at = ?5, next_check = ?6,
            failures = ?7, run_began = ?8, run_checks = ?9, runs_ended = ?10,
            status = ?11, importance = ?12, raw_status = ?13, raw_resolution = ?14, raw_priority = ?15,
            raw_severity = ?16, raw_type = ?17, raw_labels = ?18, title = ?19, duplicate_of = ?20,
            modified_at = ?21, replaced = ?22, changed_at = ?23
        WHERE id = ?1)sql"};
    statement update_check_{db_, R"sql(
        UPDATE bugs SET last_outcome = ?2, error = ?3, checked_at = ?4, seen_at = ?5, next_check = ?6,
            failures = ?7, run_began = ?8, run_checks = ?9, runs_ended = ?10
        WHERE id = ?1)sql"};
    statement put_run_{db_, R"sql(
        INSERT OR REPLACE INTO check_runs (bug_id, slot, number, first_at, last_at, outcome, detail, times)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql"};
    statement insert_change_{db_, R"sql(
        INSERT INTO changes (at, bug_id, field, before, after, remote_before, remote_after)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))sql"};
    statement insert_event_{
        db_, "INSERT INTO events (at, kind, bug_id, change_id) VALUES (?1, 'change', ?2, ?3)"};
    statement count_word_{db_, R"sql(
        INSERT INTO unmapped_words (tracker_id, field, word, times, first_seen, last_seen)
        VALUES (?1, ?2, ?3, 1, ?4, ?4)
        ON CONFLICT DO UPDATE SET times = times + 1, last_seen = max(last_seen, excluded.last_seen))sql"};
};

// The tracker that a URL belongs to.
std::optional<std::string> store::impl::name_of_owner(std::string const& url)
{
    auto row = start(tracker_by_url_, url);
    if (!row.next())
        return std::nullopt;
    return std::string{row.text(0)};
}

void store::impl::apply_bug(report const& r, settled_bug const& settled)
{
    auto const& b = settled.after;
    if (settled.facts_changed)
        run(update_bug_,
            b.id,
            b.last_outcome,
            b.error,
            b.checked_at,
            b.seen_at,
            b.next_check,
            b.failures,
            b.run_began,
            b.run_checks,
            b.runs_ended,
            b.state,
            b.weight,
            b.words.status,
            b.words.resolution,
            b.words.priority,
            b.words.severity,
            b.words.type,
            json_list(b.words.labels),
            b.title,
            b.duplicate_of,
            b.modified_at,
            b.replaced,
            b.changed_at);
    else
        run(update_check_,
            b.id,
            b.last_outcome,
            b.error,
            b.checked_at,
            b.seen_at,
            b.next_check,
            b.failures,
            b.run_began,
            b.run_checks,
            b.runs_ended);
    if (db_.changes() == 0)
        throw database_error{error{
            .kind = error_kind::storage,
            .message = fmt::format("there is no bug {} in the database", static_cast<std::int64_t>(b.id))}};
    if (auto const& run_of = settled.ended)
        run(put_run_,
            b.id,
            b.runs_ended % runs_kept,
            b.runs_ended,
            run_of->first,
            run_of->last,
            run_of->how,
            run_of->detail,
            run_of->times);
    for (auto const& u : settled.unmapped)
        run(count_word_, r.from, u.field, u.word, r.at);
}

change store::impl::apply_change(change c, bug_id bug)
{
    c.bug = bug;
    run(insert_change_, c.at, c.bug, c.field, c.before, c.after, c.remote_before, c.remote_after);
    // The key is the highest plus one, and a row never goes: without a gap, whatever was rolled back.
    c.id = db_.last_id();
    run(insert_event_, c.at, c.bug, c.id);
    return c;
}

result<std::unique_ptr<store>> store::open(std::string const& path)
{
    auto db = open_for_writing(path);
    if (!db)
        return db.error();
    try {
        return std::unique_ptr<store>{new store{std::make_unique<impl>(std::move(*db))}};
    }
    catch (database_error const& failed) {
        return failed.why();
    }
}

store::store(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
store::~store() = default;

void store::in_transaction(std::function<void()> const& work)
{
    transaction writing{impl_->db_, transaction::purpose::write};
    work();
    writing.commit();
}

result<tracker> store::add_tracker(tracker const& t)
{
    auto& i = *impl_;
    return i.atomically([&]() -> result<tracker> {
        if (start(i.tracker_by_name_, t.name).next())
            return taken(fmt::format("there is a tracker named {} already", t.name));
        if (auto const owner = i.name_of_owner(t.base_url))
            return taken(fmt::format("{} is the tracker {} already", t.base_url, *owner));
        run(i.insert_tracker_, t.kind, t.name, t.base_url, t.api_url, t.created_at);
        tracker made = t;
        made.id = static_cast<tracker_id>(i.db_.last_id());
        run(i.insert_alias_, made.base_url, made.id);
        return made;
    });
}

result<void> store::add_alias(tracker_id of, std::string const& url)
{
    auto& i = *impl_;
    return i.atomically([&]() -> result<void> {
        if (start(i.alias_of_, url, of).next())
            return {};
        if (auto const owner = i.name_of_owner(url))
            return taken(fmt::format("{} is the tracker {} already", url, *owner));
        run(i.insert_alias_, url, of);
        return {};
    });
}

void store::put_capabilities(tracker_id of, stored_capabilities const& what)
{
    auto const& can = what.can;
    run(impl_->put_capabilities_,
        of,
        can.protocol,
        can.version,
        can.batch,
        can.changed_since,
        can.importance,
        can.comments,
        can.login,
        can.identity,
        what.probed_at,
        what.expires_at);
}

bug_id store::add_bug(tracker_id of, std::string const& remote_id, utc_time now)
{
    auto& i = *impl_;
    return i.atomically([&] {
        if (auto row = start(i.find_bug_, of, remote_id); row.next())
            return static_cast<bug_id>(row.number(0));
        auto const lowest = make_bug_id(of, 0);
        auto const highest = make_bug_id(of, 0xffff'ffff);
        auto row = start(i.last_bug_, lowest, highest);
        row.next();
        auto const last = row.is_null(0) ? lowest : static_cast<bug_id>(row.number(0));
        if (last == highest)
            throw database_error{
                error{.kind = error_kind::storage, .message = "a tracker's bugs are used up"}};
        auto const id = static_cast<bug_id>(static_cast<std::int64_t>(last) + 1);
        run(i.insert_bug_, id, of, remote_id, now);
        return id;
    });
}

bool store::add_watch(bug_id on, watch const& w, utc_time now)
{
    run(impl_->insert_watch_, on, w.label, w.source, w.owner, now);
    return impl_->db_.changes() != 0;
}

applied store::apply(report const& r)
{
    if (!impl_->db_.in_transaction())
        throw std::logic_error{"store::apply() outside of a transaction"};
    applied out;
    for (auto const& settled : r.bugs) {
        impl_->apply_bug(r, settled);
        for (auto const& c : settled.changes)
            out.changes.push_back(impl_->apply_change(c, settled.after.id));
    }
    return out;
}

} // namespace checkwatches::storage
