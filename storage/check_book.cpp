#include "storage/check_book.hpp"

#include "storage/columns.hpp"

namespace checkwatches::storage {
namespace {

// Two checks end alike where the bug was answered for both times, or where both failed for one reason.
bool ends_like(bug_state const& now, check_book::before const& earlier)
{
    if (!earlier.how)
        return false;
    if (is_success(*now.last_outcome))
        return is_success(*earlier.how);
    return *now.last_outcome == *earlier.how && now.error == earlier.error;
}

} // namespace

check_book::check_book(sqlite::database& db)
    : db_{&db},
      before_{db, "SELECT last_outcome, error, checked_at FROM bug_checks WHERE bug_id = ?1"},
      insert_{db, R"sql(
        INSERT INTO check_events (at, bug_id, outcome, error, is_duplicate, status, importance, last_checked,
            last_success)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))sql"},
      drop_{db, R"sql(
        DELETE FROM check_events WHERE id IN (
            SELECT c.id FROM check_events c
            WHERE c.id <= ?1 AND NOT EXISTS (SELECT 1 FROM parked_events p WHERE p.kind = 'check' AND p.id = c.id)
            ORDER BY c.id LIMIT ?2))sql"}
{}

check_book::before check_book::before_of(bug_id bug)
{
    before out;
    if (auto row = start(before_, bug); row.next())
        take_all(row, 0, out.how, out.error, out.at);
    return out;
}

void check_book::add(utc_time at, settled_bug const& settled, before const& earlier)
{
    auto const& b = settled.after;
    if (!b.last_outcome)
        return;
    bool const is_duplicate = settled.changes.empty() && ends_like(b, earlier);
    run(insert_,
        b.checked_at.value_or(at),
        b.id,
        *b.last_outcome,
        b.error,
        is_duplicate,
        b.state,
        b.weight,
        earlier.at,
        b.seen_at);
}

std::int64_t check_book::drop(std::int64_t up_to, std::int64_t most)
{
    run(drop_, up_to, most);
    return db_->changes();
}

} // namespace checkwatches::storage
