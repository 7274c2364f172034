#include "storage/reader_impl.hpp"

namespace checkwatches::storage {
namespace {

// A list with what became of its entries. Those that are no trouble are counted as the rest.
constexpr auto select_list = R"sql(
    SELECT l.name, l.path, l.state, l.trouble, l.line, l.col, l.hash, l.read_at, l.applied_at,
        (SELECT count(*) FROM watch_list_entries e WHERE e.list = l.name AND e.state = 'watched'),
        (SELECT count(*) FROM watch_list_entries e INDEXED BY troubled_entries
            WHERE e.list = l.name AND e.state <> 'watched' AND e.state = 'waiting'),
        (SELECT count(*) FROM watch_list_entries e INDEXED BY troubled_entries
            WHERE e.list = l.name AND e.state <> 'watched' AND e.state = 'bad')
    FROM watch_lists l )sql";

watch_list_record list_at(sqlite::cursor const& row)
{
    watch_list_record l;
    take_all(
        row,
        0,
        l.name,
        l.path,
        l.state,
        l.trouble,
        l.line,
        l.column,
        l.hash,
        l.read_at,
        l.applied_at,
        l.watched,
        l.waiting,
        l.bad);
    return l;
}

list_entry entry_at(sqlite::cursor const& row)
{
    list_entry e;
    take_all(
        row,
        0,
        e.number,
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
    return e;
}

} // namespace

std::vector<watch_list_record> reader::watch_lists() const
{
    sqlite::statement select{impl_->db_, std::string{select_list} + "ORDER BY l.name"};
    std::vector<watch_list_record> out;
    auto rows = start(select);
    while (rows.next())
        out.push_back(list_at(rows));
    return out;
}

std::optional<watch_list_record> reader::watch_list_by_name(std::string const& name) const
{
    sqlite::statement select{impl_->db_, std::string{select_list} + "WHERE l.name = ?1"};
    auto rows = start(select, name);
    return rows.next() ? std::optional{list_at(rows)} : std::nullopt;
}

std::vector<list_entry>
reader::list_entries(std::string const& list, bool troubled, std::int64_t after, std::int64_t limit) const
{
    sqlite::statement select{
        impl_->db_,
        std::string{R"sql(
        SELECT number, line, col, state, url, tracker, bug, label, owner, relation, note, reason, bug_id
        FROM watch_list_entries WHERE list = ?1 AND number > ?2)sql"}
            + (troubled ? " AND state <> 'watched'" : "") + " ORDER BY number LIMIT ?3"};
    std::vector<list_entry> out;
    auto rows = start(select, list, after, limit);
    while (rows.next())
        out.push_back(entry_at(rows));
    return out;
}

std::vector<placed_watch> reader::watches_by(std::string const& source) const
{
    sqlite::statement select{impl_->db_, R"sql(
        SELECT bug_id, label, source, owner, relation, note FROM watches INDEXED BY watches_by_source
        WHERE source = ?1 ORDER BY bug_id, label)sql"};
    std::vector<placed_watch> out;
    auto rows = start(select, source);
    while (rows.next()) {
        placed_watch w;
        take_all(rows, 0, w.bug, w.what.label, w.what.source, w.what.owner, w.what.is, w.what.note);
        out.push_back(std::move(w));
    }
    return out;
}

} // namespace checkwatches::storage
