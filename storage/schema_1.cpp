#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

char const version_1[] = R"sql(
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

} // namespace checkwatches::storage
