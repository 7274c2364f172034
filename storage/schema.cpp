// How the record lies in the file.
//
//   trackers, tracker_aliases, capabilities   one row a tracker, an address, a tracker
//   bugs       one row a bug, replaced at each check. Its id is made of the tracker's and a running number,
//   so
//              that what one batch writes are neighbours. There is no index on next_check on purpose: its
//              values are random, and it would cost many times what the row itself costs. The schedule lives
//              in memory and is filled by one scan.
//   watches    who is interested in a bug
//   check_runs the last 16 ended runs of checks of each bug, a ring by (bug, slot); the run that goes on
//              stands in the bug's row
//   changes    the log: append-only, ids from 1 without a gap
//   events     what later consumers are to be told, written with its cause in one transaction
//   unmapped_words   what no mapping knows, and how often it was seen
//
// Times are milliseconds since 1970 UTC.
#include "storage/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace checkwatches::storage {
namespace {

constexpr char const* version_1 = R"sql(
CREATE TABLE trackers (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    base_url   TEXT NOT NULL UNIQUE,
    api_url    TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tracker_aliases (
    url        TEXT PRIMARY KEY,
    tracker_id INTEGER NOT NULL REFERENCES trackers(id)
) STRICT, WITHOUT ROWID;

CREATE TABLE capabilities (
    tracker_id    INTEGER PRIMARY KEY REFERENCES trackers(id),
    protocol      TEXT NOT NULL,
    version       TEXT NOT NULL,
    batch         INTEGER NOT NULL,
    changed_since INTEGER NOT NULL,
    importance    INTEGER NOT NULL,
    comments      INTEGER NOT NULL,
    login         TEXT NOT NULL,
    identity      TEXT NOT NULL,
    probed_at     INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE bugs (
    id             INTEGER PRIMARY KEY,
    tracker_id     INTEGER NOT NULL REFERENCES trackers(id),
    remote_id      TEXT NOT NULL,
    status         TEXT,
    importance     TEXT,
    raw_status     TEXT NOT NULL DEFAULT '',
    raw_resolution TEXT NOT NULL DEFAULT '',
    raw_priority   TEXT NOT NULL DEFAULT '',
    raw_severity   TEXT NOT NULL DEFAULT '',
    raw_type       TEXT NOT NULL DEFAULT '',
    raw_labels     TEXT NOT NULL DEFAULT '[]',
    title          TEXT NOT NULL DEFAULT '',
    duplicate_of   TEXT NOT NULL DEFAULT '',
    modified_at    INTEGER,
    replaced       INTEGER NOT NULL DEFAULT 0,
    last_outcome   TEXT,
    error          TEXT NOT NULL DEFAULT '',
    checked_at     INTEGER,
    seen_at        INTEGER,
    changed_at     INTEGER,
    next_check     INTEGER NOT NULL,
    failures       INTEGER NOT NULL DEFAULT 0,
    run_began      INTEGER,
    run_checks     INTEGER NOT NULL DEFAULT 0,
    runs_ended     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tracker_id, remote_id),
    CHECK (id >> 32 = tracker_id)
) STRICT;

CREATE TABLE watches (
    bug_id     INTEGER NOT NULL REFERENCES bugs(id),
    label      TEXT NOT NULL,
    source     TEXT NOT NULL,
    owner      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (bug_id, label, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX watches_by_label ON watches(label);

CREATE TABLE check_runs (
    bug_id   INTEGER NOT NULL REFERENCES bugs(id),
    slot     INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 15),
    number   INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    times    INTEGER NOT NULL,
    PRIMARY KEY (bug_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    bug_id        INTEGER NOT NULL REFERENCES bugs(id),
    field         TEXT NOT NULL,
    before        TEXT,
    after         TEXT,
    remote_before TEXT,
    remote_after  TEXT
) STRICT;
CREATE TRIGGER changes_are_not_rewritten BEFORE UPDATE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END;
CREATE TRIGGER changes_are_not_removed BEFORE DELETE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END;

CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    bug_id    INTEGER NOT NULL REFERENCES bugs(id),
    change_id INTEGER REFERENCES changes(id)
) STRICT;

CREATE TABLE unmapped_words (
    tracker_id INTEGER NOT NULL REFERENCES trackers(id),
    field      TEXT NOT NULL,
    word       TEXT NOT NULL,
    times      INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, field, word)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<char const*, 1> steps_so_far{version_1};

error refused(std::string message)
{
    return error{.kind = error_kind::storage, .message = std::move(message)};
}

} // namespace

std::span<char const* const> migrations() noexcept
{
    return steps_so_far;
}

result<void>
check_identity(std::string const& path, std::int64_t application, std::int64_t version, std::int64_t known)
{
    if (application != application_id)
        return refused(fmt::format(
            "{} is a SQLite database of another program; name another file for checkwatches", path));
    if (version > known)
        return refused(fmt::format(
            "{} has version {} of the database and this checkwatches knows versions up to {}; use the newer "
            "checkwatches that wrote it, or name another file",
            path,
            version,
            known));
    return {};
}

result<void> migrate(sqlite::database& db, std::string const& path, std::span<char const* const> steps)
{
    // Looked at inside the transaction: two processes may start on a new file at once.
    sqlite::transaction writing{db, sqlite::transaction::purpose::write};
    auto const application = db.number("PRAGMA application_id");
    auto const version = db.number("PRAGMA user_version");
    bool const is_new = application == 0 && version == 0
                        && db.number("SELECT count(*) FROM sqlite_schema") == 0;
    auto const known = static_cast<std::int64_t>(steps.size());
    if (auto ours = check_identity(path, is_new ? application_id : application, version, known); !ours)
        return ours;

    for (auto const* const step : steps.subspan(static_cast<std::size_t>(version)))
        db.execute(step);
    if (version != known) {
        db.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
        db.execute(fmt::format("PRAGMA user_version = {}", known).c_str());
    }
    writing.commit();
    return {};
}

} // namespace checkwatches::storage
