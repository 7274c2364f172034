#pragma once

#include "storage/check_book.hpp"
#include "storage/columns.hpp"
#include "storage/rechecks.hpp"
#include "storage/signatures.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace checkwatches::storage {

// The connection and its prepared statements; store*.cpp have the functions.
class store::impl {
public:
    using statement = sqlite::statement;
    using transaction = sqlite::transaction;

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
    void count_addition();
    // False for a bug that is not to be asked about any more: nothing of it is applied.
    bool apply_bug(report const& r, settled_bug const& settled);
    void update_check(settled_bug const& settled);
    void update_facts(settled_bug const& settled);
    change apply_change(change c, bug_id bug);
    // Puts it at the end of the log, as the next of its bug's chain; gives it its id.
    void log(change& c);
    void release(bug_id bug, std::optional<utc_time> now);

    sqlite::database db_;

    statement tracker_by_name_{db_, "SELECT 1 FROM trackers WHERE name = ?1"};
    statement tracker_by_url_{db_, R"sql(
        SELECT t.name FROM tracker_aliases a JOIN trackers t ON t.id = a.tracker_id WHERE a.url = ?1)sql"};
    statement alias_of_{db_, "SELECT 1 FROM tracker_aliases WHERE url = ?1 AND tracker_id = ?2"};
    statement insert_tracker_{db_, R"sql(
        INSERT INTO trackers (kind, name, base_url, api_url, created_at) VALUES (?1, ?2, ?3, ?4, ?5))sql"};
    statement insert_alias_{db_, "INSERT INTO tracker_aliases (url, tracker_id) VALUES (?1, ?2)"};
    statement put_capabilities_{db_, R"sql(
        INSERT OR REPLACE INTO capabilities (tracker_id, protocol, version, batch, changed_since, page, each, importance,
            comments, login, identity, probed_at, expires_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))sql"};

    statement find_bug_{db_, R"sql(
        SELECT b.id, k.next_check FROM bugs b CROSS JOIN bug_checks k ON k.bug_id = b.id
        WHERE b.tracker_id = ?1 AND b.remote_id = ?2)sql"};
    // One that nobody watched for a while; what moved stays away.
    statement revive_{db_, R"sql(
        UPDATE bug_checks SET next_check = ?2, retired = 0, failures = 0
        WHERE bug_id = ?1 AND last_outcome IS NOT 'moved')sql"};
    statement last_bug_{db_, "SELECT max(id) FROM bugs WHERE id BETWEEN ?1 AND ?2"};
    statement insert_bug_{db_, "INSERT INTO bugs (id, tracker_id, remote_id) VALUES (?1, ?2, ?3)"};
    statement insert_check_{db_, "INSERT INTO bug_checks (bug_id, next_check, retired) VALUES (?1, ?2, ?3)"};
    statement insert_watch_{db_, R"sql(
        INSERT INTO watches (bug_id, label, source, owner, created_at, relation, note)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO NOTHING)sql"};
    statement copy_watches_{db_, R"sql(
        INSERT INTO watches (bug_id, label, source, owner, created_at, relation, note)
        SELECT ?2, label, source, owner, created_at, relation, note FROM watches WHERE bug_id = ?1
        ON CONFLICT DO NOTHING)sql"};
    statement follow_{db_, "INSERT OR REPLACE INTO followed_bugs (bug_id, went) VALUES (?1, ?2)"};
    statement drop_watches_{db_, "DELETE FROM watches WHERE bug_id = ?1"};
    statement drop_watch_{db_, "DELETE FROM watches WHERE bug_id = ?1 AND label = ?2 AND source = ?3"};
    statement is_watched_{db_, "SELECT 1 FROM watches WHERE bug_id = ?1 LIMIT 1"};
    statement release_signature_{db_, R"sql(
        UPDATE signatures SET bugs = max(bugs - 1, 0), ended_at = iif(bugs <= 1, coalesce(?2, last_seen), NULL)
        WHERE id = (SELECT signature_id FROM bugs WHERE id = ?1))sql"};
    statement retire_{db_, "UPDATE bug_checks SET next_check = ?2, retired = 1 WHERE bug_id = ?1"};
    statement forget_signature_{db_, "UPDATE bugs SET signature_id = NULL WHERE id = ?1"};

    statement update_facts_{db_, R"sql(
        UPDATE bugs SET status = ?2, importance = ?3, raw_status = ?4, raw_resolution = ?5, raw_priority = ?6,
            raw_severity = ?7, raw_type = ?8, raw_labels = ?9, title = ?10, duplicate_of = ?11, modified_at = ?12,
            replaced = ?13, changed_at = ?14, product = ?15,
            resolved_at = iif(?17, coalesce(?16, resolved_at), NULL)
        WHERE id = ?1)sql"};
    statement update_check_{db_, R"sql(
        UPDATE bug_checks SET last_outcome = ?2, error = ?3, checked_at = ?4, seen_at = ?5, next_check = ?6,
            failures = ?7, run_began = ?8, run_checks = ?9, runs_ended = ?10, server_time = ?11, read_at = ?12,
            retired = ?13
        WHERE bug_id = ?1 AND NOT retired)sql"};
    // No index hangs on any of these.
    statement go_on_{db_, R"sql(
        UPDATE bug_checks SET checked_at = ?2, seen_at = ?3, next_check = ?4, failures = ?5, run_checks = ?6,
            server_time = ?7, read_at = ?8
        WHERE bug_id = ?1 AND NOT retired)sql"};
    statement is_there_{db_, "SELECT 1 FROM bug_checks WHERE bug_id = ?1"};
    statement put_run_{db_, R"sql(
        INSERT OR REPLACE INTO check_runs (bug_id, slot, number, first_at, last_at, outcome, detail, times)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql"};
    statement insert_change_{db_, R"sql(
        INSERT INTO changes (at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor,
            previous)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11))sql"};
    statement insert_hash_{db_, "INSERT INTO change_hashes (part, key, id) VALUES (?1, ?2, ?3)"};
    statement last_of_bug_{db_, R"sql(
        SELECT id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor, previous
        FROM changes INDEXED BY changes_by_bug WHERE bug_id = ?1 ORDER BY id DESC LIMIT 1)sql"};
    statement count_outcome_{db_, R"sql(
        INSERT INTO outcome_days (tracker_id, day, outcome, checks) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET checks = checks + excluded.checks)sql"};
    statement insert_pass_{db_, R"sql(
        INSERT INTO passes (tracker_id, began, ended, asked, failed, changes, requests, not_modified, bytes,
            deferred, trouble, outcomes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))sql"};
    statement count_traffic_{db_, R"sql(
        INSERT INTO traffic_days (tracker_id, day, passes, requests, not_modified, bytes, deferrals)
        VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET passes = passes + 1, requests = requests + excluded.requests,
            not_modified = not_modified + excluded.not_modified, bytes = bytes + excluded.bytes,
            deferrals = deferrals + excluded.deferrals)sql"};
    statement count_word_{db_, R"sql(
        INSERT INTO unmapped_words (tracker_id, field, word, times, first_seen, last_seen)
        VALUES (?1, ?2, ?3, 1, ?4, ?4)
        ON CONFLICT DO UPDATE SET times = times + 1, last_seen = max(last_seen, excluded.last_seen))sql"};
    statement put_validator_{db_, R"sql(
        INSERT INTO validators (tracker_id, url, etag, last_modified, at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
            at = excluded.at)sql"};
    statement insert_comment_{db_, R"sql(
        INSERT INTO comments (bug_id, remote_id, author, at, text, is_cut, imported_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING)sql"};
    // What an attempt that failed, or was not complete, does not know stays as it was.
    statement put_comment_mark_{db_, R"sql(
        INSERT INTO comment_marks (bug_id, tried_at, read_at, modified_at, newest_at, failure)
        VALUES (?1, ?2, iif(?3, ?2, NULL), iif(?3, ?4, NULL), ?5, ?6)
        ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at, failure = excluded.failure,
            read_at = iif(?3, excluded.read_at, read_at),
            modified_at = iif(?3, excluded.modified_at, modified_at),
            newest_at = max(coalesce(newest_at, excluded.newest_at), coalesce(excluded.newest_at, newest_at)))sql"};
    statement count_comments_{db_, R"sql(
        INSERT INTO comment_counts (tracker_id, month, seen, imported, failed)
        VALUES (?1, strftime('%Y-%m', ?2 / 1000, 'unixepoch'), ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET seen = seen + excluded.seen, imported = imported + excluded.imported,
            failed = failed + excluded.failed)sql"};
    statement committed_{db_, "UPDATE engine SET committed_at = ?1"};
    signature_book signatures_{db_};
    check_book checks_{db_};
    recheck_writer rechecks_{db_};

    statement count_addition_{db_, "UPDATE counters SET value = value + 1 WHERE name = 'additions'"};
    statement set_base_url_{db_, "UPDATE trackers SET base_url = ?2 WHERE id = ?1"};
    statement put_state_{db_, R"sql(
        INSERT OR REPLACE INTO tracker_states (tracker_id, paused, note, tried_at, succeeded_at, moved_to, skew,
            batch, lanes, connections, requests_per_second, changed_since,
            comments, comments_of)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14))sql"};
    statement put_breaker_{db_, R"sql(
        INSERT OR REPLACE INTO breakers (scope, failures, failed_at, open_until, announced, outcome, detail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))sql"};
    statement drop_breaker_{db_, "DELETE FROM breakers WHERE scope = ?1"};
    // What is overdue already stays as long overdue as it is.
    statement make_due_{db_, R"sql(
        UPDATE bug_checks SET next_check = min(next_check, ?2), failures = 0
        WHERE bug_id IN (SELECT value FROM json_each(?1)) AND NOT retired)sql"};
    statement begin_incident_{
        db_, "INSERT INTO incidents (kind, began, ended, detail) VALUES (?1, ?2, ?3, ?4)"};
    statement end_incident_{db_, "UPDATE incidents SET ended = ?2 WHERE id = ?1 AND ended IS NULL"};
    statement begin_engine_{db_, R"sql(
        INSERT OR REPLACE INTO engine (id, pid, version, started_at, stopped_at, committed_at)
        VALUES (1, ?1, ?2, ?3, ?4, coalesce(?5, (SELECT committed_at FROM engine))))sql"};
    statement end_engine_{db_, "UPDATE engine SET stopped_at = ?1"};

    statement token_by_name_{db_, "SELECT 1 FROM tokens WHERE name = ?1"};
    statement insert_token_{
        db_, "INSERT INTO tokens (name, may, hash, created_at, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5)"};
    statement revoke_token_{db_, "UPDATE tokens SET revoked_at = ?2 WHERE name = ?1 AND revoked_at IS NULL"};
    statement put_meaning_{db_, R"sql(
        INSERT OR REPLACE INTO meanings (tracker_id, field, key, means, actor, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql"};
    statement drop_meaning_{db_, "DELETE FROM meanings WHERE tracker_id = ?1 AND field = ?2 AND key = ?3"};
    statement settle_word_{
        db_, "DELETE FROM unmapped_words WHERE tracker_id = ?1 AND field = ?2 AND word = ?3"};
    statement put_away_{db_, R"sql(
        INSERT OR REPLACE INTO put_away (bug_id, label, at, change_id)
        VALUES (?1, ?2, ?3, coalesce((SELECT max(id) FROM changes WHERE bug_id = ?1), 0)))sql"};
    statement put_sink_{db_, R"sql(
        INSERT INTO sinks (name, kind, position, checks, delivered, confirmed_at, failing_since, tries, trouble)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT DO UPDATE SET kind = excluded.kind, position = excluded.position, checks = excluded.checks,
            delivered = excluded.delivered, confirmed_at = excluded.confirmed_at,
            failing_since = excluded.failing_since, tries = excluded.tries, trouble = excluded.trouble)sql"};
    statement drop_sink_{db_, "DELETE FROM sinks WHERE name = ?1"};
    statement drop_parked_{db_, "DELETE FROM parked_events WHERE sink = ?1"};
    statement park_{db_, R"sql(
        INSERT OR REPLACE INTO parked_events (sink, kind, id, at, tries, why)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql"};
    statement unpark_{db_, "DELETE FROM parked_events WHERE sink = ?1 AND kind = ?2 AND id = ?3"};
    statement take_back_{db_, "DELETE FROM put_away WHERE bug_id = ?1 AND label = ?2"};

    // Each removes at most ?2 rows that are older than ?1.
    statement prune_runs_{db_, R"sql(
        DELETE FROM check_runs WHERE (bug_id, slot) IN (
            SELECT bug_id, slot FROM check_runs WHERE last_at < ?1 ORDER BY last_at LIMIT ?2))sql"};
    statement prune_signatures_{db_, R"sql(
        DELETE FROM signatures WHERE id IN (
            SELECT id FROM signatures WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2))sql"};
    statement prune_validators_{db_, R"sql(
        DELETE FROM validators WHERE (tracker_id, url) IN (
            SELECT tracker_id, url FROM validators WHERE at < ?1 ORDER BY at LIMIT ?2))sql"};
    statement prune_incidents_{db_, R"sql(
        DELETE FROM incidents WHERE id IN (
            SELECT id FROM incidents WHERE ended < ?1 ORDER BY ended LIMIT ?2))sql"};
    // The newest stays, and with it the id that the next one is greater than.
    statement prune_passes_{db_, R"sql(
        DELETE FROM passes WHERE id IN (
            SELECT id FROM passes WHERE ended < ?1 AND id < (SELECT max(id) FROM passes)
            ORDER BY ended LIMIT ?2))sql"};
    // ?1 is a day; those of each tracker lie in their order.
    statement prune_outcome_days_{db_, R"sql(
        DELETE FROM outcome_days WHERE (tracker_id, day, outcome) IN (
            SELECT d.tracker_id, d.day, d.outcome
            FROM trackers t CROSS JOIN outcome_days d ON d.tracker_id = t.id AND d.day < ?1 LIMIT ?2))sql"};
    statement prune_traffic_days_{db_, R"sql(
        DELETE FROM traffic_days WHERE (tracker_id, day) IN (
            SELECT d.tracker_id, d.day
            FROM trackers t CROSS JOIN traffic_days d ON d.tracker_id = t.id AND d.day < ?1 LIMIT ?2))sql"};
};

} // namespace checkwatches::storage
