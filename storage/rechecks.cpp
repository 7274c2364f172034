#include "storage/rechecks.hpp"

#include "storage/columns.hpp"
#include "storage/json_list.hpp"

#include <set>

namespace checkwatches::storage {

recheck_writer::recheck_writer(sqlite::database& db)
    : db_{&db},
      configure_{db, R"sql(
        INSERT INTO recheck_sources (name, url, bugs, every, failure, failures, folder, folder_bad)
        VALUES (?1, ?2, ?3, ?4, '', 0, ?5, '')
        ON CONFLICT DO UPDATE SET url = excluded.url, bugs = excluded.bugs, every = excluded.every,
            folder = excluded.folder)sql"},
      drop_source_{db, "DELETE FROM recheck_sources WHERE name = ?1"},
      drop_said_{db, "DELETE FROM rechecks WHERE source = ?1"},
      drop_changes_{db, "DELETE FROM recheck_changes WHERE source = ?1"},
      drop_gaps_{db, "DELETE FROM recheck_gaps WHERE source = ?1"},
      drop_signatures_{db, "DELETE FROM recheck_signatures WHERE source = ?1"},
      insert_{db, R"sql(
        INSERT INTO rechecks (source, message, bug, at, change_number, project, branch)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING)sql"},
      put_change_{db, R"sql(
        INSERT INTO recheck_changes (source, number, subject, is_open, updated) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET subject = excluded.subject, is_open = excluded.is_open,
            updated = excluded.updated WHERE excluded.updated >= updated)sql"},
      touch_change_{db, R"sql(
        UPDATE recheck_changes SET subject = ?3, is_open = ?4, updated = ?5
        WHERE source = ?1 AND number = ?2 AND updated <= ?5)sql"},
      put_progress_{db, R"sql(
        UPDATE recheck_sources SET tried_at = ?2, read_at = ?3, began_at = ?4, newest = ?5, failure = ?6,
            failures = ?7
        WHERE name = ?1)sql"},
      begin_gap_{db, R"sql(
        INSERT INTO recheck_gaps (source, began, ended, filled, why) SELECT ?1, ?2, ?3, ?4, ?5
        WHERE ?3 IS NOT NULL OR NOT EXISTS (SELECT 1 FROM recheck_gaps WHERE source = ?1 AND ended IS NULL)
        ON CONFLICT DO UPDATE SET ended = excluded.ended, filled = excluded.filled, why = excluded.why)sql"},
      end_gap_{
          db,
          "UPDATE recheck_gaps SET ended = max(began, ?2), filled = ?3 WHERE source = ?1 AND ended IS NULL"},
      put_signature_{db, R"sql(
        INSERT OR REPLACE INTO recheck_signatures (source, file, bug, query, suppress_graph,
            suppress_notification, allow_nonvoting, test_ids, trouble, line, place)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11))sql"},
      put_folder_{
          db, "UPDATE recheck_sources SET folder = ?2, folder_at = ?3, folder_bad = ?4 WHERE name = ?1"},
      prune_said_{db, R"sql(
        DELETE FROM rechecks WHERE (source, message, bug) IN (
            SELECT source, message, bug FROM rechecks WHERE at < ?1 ORDER BY at LIMIT ?2))sql"},
      prune_changes_{db, R"sql(
        DELETE FROM recheck_changes WHERE (source, number) IN (
            SELECT source, number FROM recheck_changes WHERE updated < ?1 ORDER BY updated LIMIT ?2))sql"},
      prune_gaps_{db, R"sql(
        DELETE FROM recheck_gaps WHERE (source, began) IN (
            SELECT source, began FROM recheck_gaps WHERE ended < ?1 ORDER BY ended LIMIT ?2))sql"}
{}

template <class Work>
auto recheck_writer::atomically(Work work)
{
    if (db_->in_transaction())
        return work();
    sqlite::transaction writing{*db_, sqlite::transaction::purpose::write};
    auto made = work();
    writing.commit();
    return made;
}

void recheck_writer::configure(recheck_source const& s)
{
    auto const every = std::chrono::milliseconds{s.every};
    run(configure_, s.name, s.url, s.bugs, every, s.folder);
}

void recheck_writer::drop(std::string const& source)
{
    atomically([&] {
        for (auto* const each : {&drop_said_, &drop_changes_, &drop_gaps_, &drop_signatures_, &drop_source_})
            run(*each, source);
        return true;
    });
}

std::int64_t recheck_writer::add(recheck_reading const& r)
{
    return atomically([&] {
        std::int64_t fresh = 0;
        std::set<std::int64_t> rechecked;
        for (auto const& one : r.said) {
            run(insert_, r.source, one.message, one.bug, one.at, one.change, one.project, one.branch);
            fresh += db_->changes();
            rechecked.insert(one.change);
        }
        for (auto const& one : r.changes) {
            auto& put = rechecked.contains(one.number) ? put_change_ : touch_change_;
            run(put, r.source, one.number, one.subject, one.is_open, one.updated);
        }
        return fresh;
    });
}

void recheck_writer::put_progress(recheck_source const& s)
{
    run(put_progress_, s.name, s.tried_at, s.read_at, s.began_at, s.newest, s.failure, s.failures);
}

void recheck_writer::begin_gap(recheck_gap const& g)
{
    std::optional<utc_time> const goes_on;
    run(begin_gap_, g.source, g.began, goes_on, false, g.why);
}

void recheck_writer::end_gap(std::string const& source, utc_time ended, bool is_filled)
{
    run(end_gap_, source, ended, is_filled);
}

void recheck_writer::add_gap(recheck_gap const& g)
{
    run(begin_gap_, g.source, g.began, g.ended, g.is_filled, g.why);
}

void recheck_writer::put_signatures(recheck_source const& of, std::vector<recheck_signature> const& all)
{
    atomically([&] {
        run(drop_signatures_, of.name);
        for (auto const& one : all) {
            auto const ids = json_list(one.test_ids);
            run(put_signature_,
                of.name,
                one.file,
                one.bug,
                one.query,
                one.suppress_graph,
                one.suppress_notification,
                one.allow_nonvoting,
                ids,
                one.trouble,
                one.line,
                one.column);
        }
        run(put_folder_, of.name, of.folder, of.folder_at, of.folder_trouble);
        return true;
    });
}

std::int64_t recheck_writer::prune(utc_time before, std::int64_t most)
{
    return atomically([&] {
        std::int64_t gone = 0;
        for (auto* const each : {&prune_said_, &prune_changes_, &prune_gaps_}) {
            run(*each, before, most);
            gone += db_->changes();
        }
        return gone;
    });
}

} // namespace checkwatches::storage
