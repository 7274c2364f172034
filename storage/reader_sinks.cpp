#include "storage/reader_impl.hpp"

namespace checkwatches::storage {

std::vector<sink_record> reader::sinks() const
{
    sqlite::statement all{impl_->db_, R"sql(
        SELECT name, kind, position, checks, delivered, confirmed_at, failing_since, tries, trouble
        FROM sinks ORDER BY name)sql"};
    std::vector<sink_record> out;
    auto rows = all.rows();
    while (rows.next()) {
        auto& s = out.emplace_back();
        take_all(
            rows,
            0,
            s.name,
            s.kind,
            s.changes,
            s.checks,
            s.delivered,
            s.confirmed_at,
            s.failing_since,
            s.tries,
            s.trouble);
    }
    return out;
}

std::vector<parked_event> reader::parked(std::optional<std::string> const& sink, std::int64_t limit) const
{
    sqlite::statement some{impl_->db_, R"sql(
        SELECT sink, kind = 'check', id, at, tries, why FROM parked_events
        WHERE ?1 IS NULL OR sink = ?1 ORDER BY tries > 0, sink, kind, id LIMIT ?2)sql"};
    std::vector<parked_event> out;
    auto rows = start(some, sink, limit);
    while (rows.next()) {
        auto& e = out.emplace_back();
        take_all(rows, 0, e.sink, e.is_check, e.id, e.at, e.tries, e.why);
    }
    return out;
}

std::int64_t reader::parked_count(std::string const& sink) const
{
    sqlite::statement count{impl_->db_, "SELECT count(*) FROM parked_events WHERE sink = ?1"};
    auto row = start(count, sink);
    row.next();
    return row.number(0);
}

std::int64_t reader::last_check_event() const
{
    return impl_->db_.number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'check_events'");
}

std::string reader::store_id() const
{
    return impl_->db_.text("SELECT value FROM properties WHERE name = 'store'");
}

} // namespace checkwatches::storage
