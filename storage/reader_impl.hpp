#pragma once

#include "storage/columns.hpp"
#include "storage/conditions.hpp"
#include "storage/reader.hpp"
#include "storage/recheck_reader.hpp"

#include <string>
#include <utility>

namespace checkwatches::storage {

// The columns of a bug, from the tables "b" and "k" (bug_checks): in the order of reader::impl::take_bug.
inline constexpr auto bug_columns =
    R"sql( b.id, b.remote_id, b.status, b.importance, b.raw_status, b.raw_resolution,
    b.raw_priority, b.raw_severity, b.raw_type, b.title, b.duplicate_of, b.modified_at, b.replaced,
    k.last_outcome, k.error, k.checked_at, k.seen_at, b.changed_at, k.next_check, k.failures, k.run_began,
    k.run_checks, k.runs_ended, k.server_time, k.read_at, b.product, b.raw_labels )sql";
inline constexpr int columns_of_a_bug = 27;

// The columns of a signature, from the tables "s" and "t": in the order of reader::impl::signature_at.
inline constexpr auto signature_columns =
    R"sql( s.id, t.name, s.outcome, s.message, s.times, s.bugs, s.first_seen, s.last_seen, s.ended_at, s.sample )sql";

inline constexpr auto select_tracker = "SELECT id, kind, name, base_url, api_url, created_at FROM trackers ";

// The connection and its prepared statements; reader*.cpp have the functions.
class reader::impl {
public:
    using statement = sqlite::statement;

    explicit impl(sqlite::database db) : db_{std::move(db)} {}

    static bug_id bug_id_at(sqlite::cursor const& row) { return static_cast<bug_id>(row.number(0)); }
    // Fills a row that is empty, where it stays: it is large.
    void take_bug(sqlite::cursor const& row, bug_state& into);
    // Visits the rows of these bugs, in the order of their ids.
    template <class Visit>
    void each_of(std::vector<bug_id> const& which, Visit visit);
    // The bug's columns, then its tracker's name, kind and base URL; its labels are read beside the cursor
    // that is open, and so from the same state.
    shown_bug shown_bug_at(sqlite::cursor const& row);
    static signature signature_at(sqlite::cursor const& row);
    std::vector<std::string> texts_of(std::string_view json_array);
    std::vector<std::string> labels_of(bug_id id);

    sqlite::database db_;
    recheck_reader rechecks_{db_};

    statement trackers_{db_, std::string{select_tracker} + "ORDER BY name"};
    statement tracker_by_name_{db_, std::string{select_tracker} + "WHERE name = ?1"};
    statement tracker_by_url_{
        db_,
        std::string{select_tracker} + "WHERE id = (SELECT tracker_id FROM tracker_aliases WHERE url = ?1)"};
    statement aliases_{db_, "SELECT url FROM tracker_aliases WHERE tracker_id = ?1 ORDER BY url"};
    statement capabilities_{db_, R"sql(
        SELECT protocol, version, batch, changed_since, page, each, importance, comments, login, identity,
            probed_at,
            expires_at
        FROM capabilities WHERE tracker_id = ?1)sql"};
    statement find_bug_{db_, "SELECT id FROM bugs WHERE tracker_id = ?1 AND remote_id = ?2"};
    statement due_{db_, std::string{"SELECT"} + bug_columns + R"sql(
        FROM bug_checks k CROSS JOIN bugs b ON b.id = k.bug_id
        WHERE k.bug_id BETWEEN ?1 AND ?2 AND (?3 IS NULL OR k.next_check <= ?3)
        ORDER BY k.checked_at IS NOT NULL, k.next_check, k.bug_id)sql"};
    statement labels_{
        db_, "SELECT DISTINCT label FROM watches WHERE bug_id = ?1 AND label <> '' ORDER BY label"};
    statement split_{db_, "SELECT value FROM json_each(?1)"};
    // The run that goes on, then those that ended.
    statement runs_{db_, R"sql(
        SELECT run_began, checked_at, last_outcome, error, run_checks, runs_ended + 1 AS number
        FROM bug_checks WHERE bug_id = ?1 AND run_checks > 0
        UNION ALL
        SELECT first_at, last_at, outcome, detail, times, number FROM check_runs WHERE bug_id = ?1
        ORDER BY number DESC)sql"};
    statement watches_{
        db_,
        "SELECT label, source, owner, relation, note FROM watches WHERE bug_id = ?1 ORDER BY label, source"};
    statement last_change_{db_, "SELECT max(id) FROM changes"};
    // Most who ask mean the whole log, or its end: those read one row.
    statement first_change_after_{db_, R"sql(
        SELECT coalesce(
            (SELECT id FROM changes WHERE id = 1 AND at > ?1),
            (SELECT min(id) FROM changes INDEXED BY changes_by_time WHERE at > ?1)))sql"};
    statement last_change_before_{db_, R"sql(
        SELECT coalesce(
            (SELECT id FROM changes WHERE id = (SELECT max(id) FROM changes) AND at < ?1),
            (SELECT max(id) FROM changes INDEXED BY changes_by_time WHERE at < ?1)))sql"};
    // The newest part first: most who ask hold a hash that they got lately.
    statement change_by_hash_{db_, R"sql(
        WITH RECURSIVE parts(part) AS (
            SELECT max(part) FROM change_hashes UNION ALL SELECT part - 1 FROM parts WHERE part > 0)
        SELECT c.id, c.at, c.tracker_id, c.bug_id, c.field, c.before, c.after, c.remote_before, c.remote_after,
            c.reason, c.actor, c.previous
        FROM parts p CROSS JOIN change_hashes h ON h.part = p.part AND h.key BETWEEN ?1 AND ?2
        CROSS JOIN changes c ON c.id = h.id)sql"};
    statement unmapped_{db_, R"sql(
        SELECT t.name, u.field, u.word, u.times, u.first_seen, u.last_seen
        FROM unmapped_words u JOIN trackers t ON t.id = u.tracker_id
        ORDER BY u.times DESC, t.name, u.field, u.word)sql"};

    statement bugs_{db_, std::string{"SELECT"} + bug_columns + R"sql(
        FROM bugs b CROSS JOIN bug_checks k ON k.bug_id = b.id
        WHERE b.id IN (SELECT value FROM json_each(?1)) ORDER BY b.id)sql"};
    statement bugs_between_{db_, std::string{"SELECT"} + bug_columns + R"sql(
        FROM bugs b CROSS JOIN bug_checks k ON k.bug_id = b.id
        WHERE b.id BETWEEN ?1 AND ?2 ORDER BY b.id)sql"};
    statement moved_bugs_{db_, R"sql(
        SELECT b.id, t.kind, t.base_url, t.api_url, k.error, (SELECT count(*) FROM watches w WHERE w.bug_id = b.id) AS n
        FROM bug_checks k CROSS JOIN bugs b ON b.id = k.bug_id CROSS JOIN trackers t ON t.id = b.tracker_id
        WHERE k.last_outcome = 'moved' AND n <> 0
        ORDER BY k.bug_id)sql"};
    statement duplicate_bugs_{db_, R"sql(
        SELECT b.id, t.kind, t.base_url, t.api_url, b.duplicate_of,
            (SELECT count(*) FROM watches w WHERE w.bug_id = b.id) AS n
        FROM bugs b CROSS JOIN trackers t ON t.id = b.tracker_id
        WHERE b.duplicate_of <> '' AND n <> 0
        ORDER BY b.id)sql"};
    statement appointments_{
        db_,
        R"sql(
        SELECT bug_id, next_check, checked_at IS NOT NULL FROM bug_checks WHERE bug_id BETWEEN ?1 AND ?2
        ORDER BY bug_id)sql"};
    // One scan. What there is to count is counted outside: so many aggregates in SQL take more than twice as
    // long.
    statement to_count_{
        db_, "SELECT bug_id, next_check, last_outcome, checked_at, seen_at FROM bug_checks ORDER BY bug_id"};
    // The watches of bugs that wait for their first check; those of one bug are neighbours.
    statement waits_{
        db_,
        std::string{R"sql(
        SELECT k.bug_id, w.created_at FROM bug_checks k INDEXED BY unchecked_bugs
        CROSS JOIN watches w ON w.bug_id = k.bug_id WHERE)sql"}
            + k_is_unchecked + "ORDER BY k.bug_id"};

    statement state_{db_, R"sql(
        SELECT paused, note, tried_at, succeeded_at, moved_to, skew, batch, lanes, connections,
            requests_per_second, changed_since, comments, comments_of
        FROM tracker_states WHERE tracker_id = ?1)sql"};
    statement breakers_{db_, R"sql(
        SELECT scope, failures, failed_at, open_until, announced, outcome, detail FROM breakers
        ORDER BY scope)sql"};
    statement validators_{db_, R"sql(
        SELECT url, etag, last_modified, at FROM validators
        WHERE tracker_id = ?1 AND url IN (SELECT value FROM json_each(?2)) ORDER BY url)sql"};
    statement signature_by_id_{
        db_,
        std::string{"SELECT"} + signature_columns
            + "FROM signatures s JOIN trackers t ON t.id = s.tracker_id WHERE s.id = ?1"};
    statement incidents_{
        db_, "SELECT id, kind, began, ended, detail FROM incidents ORDER BY began DESC, id DESC LIMIT ?1"};
    statement comments_{db_, R"sql(
        SELECT remote_id, author, at, text, is_cut, imported_at FROM comments WHERE bug_id = ?1
        ORDER BY at, length(remote_id), remote_id)sql"};
    statement comment_marks_{db_, R"sql(
        SELECT bug_id, tried_at, read_at, modified_at, newest_at, failure FROM comment_marks
        WHERE bug_id IN (SELECT value FROM json_each(?1)) ORDER BY bug_id)sql"};
    statement comment_counts_{db_, R"sql(
        SELECT month, seen, imported, failed FROM comment_counts WHERE tracker_id = ?1 ORDER BY month DESC)sql"};
    // Of all trackers a day's rows are added up.
    statement outcome_days_{db_, R"sql(
        SELECT day, outcome, checks FROM outcome_days WHERE tracker_id = ?1 AND day >= ?2
        ORDER BY day, outcome)sql"};
    statement all_outcome_days_{db_, R"sql(
        SELECT d.day, d.outcome, sum(d.checks)
        FROM trackers t CROSS JOIN outcome_days d ON d.tracker_id = t.id AND d.day >= ?1
        GROUP BY d.day, d.outcome ORDER BY d.day, d.outcome)sql"};
    statement traffic_days_{db_, R"sql(
        SELECT day, passes, requests, not_modified, bytes, deferrals FROM traffic_days
        WHERE tracker_id = ?1 AND day >= ?2 ORDER BY day)sql"};
    statement all_traffic_days_{db_, R"sql(
        SELECT d.day, sum(d.passes), sum(d.requests), sum(d.not_modified), sum(d.bytes), sum(d.deferrals)
        FROM trackers t CROSS JOIN traffic_days d ON d.tracker_id = t.id AND d.day >= ?1
        GROUP BY d.day ORDER BY d.day)sql"};
    statement tokens_{db_, "SELECT name, may, hash, created_at, revoked_at FROM tokens ORDER BY name"};
    statement token_by_hash_{
        db_,
        "SELECT name, may, hash, created_at, revoked_at FROM tokens WHERE hash = ?1 AND revoked_at IS NULL"};
    statement meanings_{db_, R"sql(
        SELECT m.tracker_id, t.name, m.field, m.key, m.means, m.actor, m.at
        FROM meanings m JOIN trackers t ON t.id = m.tracker_id ORDER BY t.name, m.field, m.key)sql"};
    statement check_events_{db_, R"sql(
        SELECT c.id, c.at, c.bug_id, c.outcome, c.error, c.is_duplicate, c.status, c.importance, c.last_checked,
            c.last_success, t.name, t.kind, t.base_url, b.remote_id, b.title
        FROM check_events c CROSS JOIN bugs b ON b.id = c.bug_id CROSS JOIN trackers t ON t.id = b.tracker_id
        WHERE c.id > ?1 ORDER BY c.id LIMIT ?2)sql"};
    statement engine_{db_, "SELECT pid, version, started_at, stopped_at, committed_at FROM engine"};
    statement additions_{db_, "SELECT value FROM counters WHERE name = 'additions'"};
};

// A row of query_of_changes() and the like.
shown_change shown_change_at(sqlite::cursor const& row);

} // namespace checkwatches::storage
