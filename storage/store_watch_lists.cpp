#include "storage/store_impl.hpp"

namespace checkwatches::storage {

void store::amend_watch(bug_id on, watch const& w)
{
    sqlite::statement amend{impl_->db_, R"sql(
        UPDATE watches SET owner = ?4, relation = ?5, note = ?6
        WHERE bug_id = ?1 AND label = ?2 AND source = ?3)sql"};
    run(amend, on, w.label, w.source, w.owner, w.is, w.note);
}

void store::put_watch_list(watch_list_record const& list)
{
    sqlite::statement put{impl_->db_, R"sql(
        INSERT INTO watch_lists (name, path, state, trouble, line, col, hash, read_at, applied_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT DO UPDATE SET path = excluded.path, state = excluded.state, trouble = excluded.trouble,
            line = excluded.line, col = excluded.col, hash = excluded.hash, read_at = excluded.read_at,
            applied_at = excluded.applied_at)sql"};
    run(put,
        list.name,
        list.path,
        list.state,
        list.trouble,
        list.line,
        list.column,
        list.hash,
        list.read_at,
        list.applied_at);
}

void store::put_watch_list(watch_list_record const& list, std::vector<list_entry> const& entries)
{
    auto& i = *impl_;
    i.atomically([&] {
        put_watch_list(list);
        sqlite::statement drop{i.db_, "DELETE FROM watch_list_entries WHERE list = ?1"};
        run(drop, list.name);
        sqlite::statement insert{i.db_, R"sql(
            INSERT INTO watch_list_entries (list, number, line, col, state, url, tracker, bug, label, owner, relation,
                note, reason, bug_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14))sql"};
        std::int64_t number = 0;
        for (auto const& e : entries)
            run(insert,
                list.name,
                ++number,
                e.line,
                e.column,
                e.state,
                e.url,
                e.tracker,
                e.bug,
                e.label,
                e.owner,
                e.is,
                e.note,
                e.reason,
                e.watched);
        return true;
    });
}

void store::put_entry(std::string const& list, list_entry const& entry)
{
    sqlite::statement put{impl_->db_, R"sql(
        UPDATE watch_list_entries SET state = ?3, reason = ?4, bug_id = ?5 WHERE list = ?1 AND number = ?2)sql"};
    run(put, list, entry.number, entry.state, entry.reason, entry.watched);
}

bool store::drop_watch_list(std::string const& name)
{
    auto& i = *impl_;
    return i.atomically([&] {
        sqlite::statement drop_entries{i.db_, "DELETE FROM watch_list_entries WHERE list = ?1"};
        run(drop_entries, name);
        sqlite::statement drop{i.db_, "DELETE FROM watch_lists WHERE name = ?1"};
        run(drop, name);
        return i.db_.changes() != 0;
    });
}

} // namespace checkwatches::storage
