#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// What consumers are told of changes is the log itself, so that its row of its own in `events` goes. Entries
// that were there before have no hash of the one before them: the chain begins behind `unchained_up_to`.
char const version_5[] = R"sql(
CREATE TABLE properties (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO properties (name, value) VALUES
    ('store', lower(hex(randomblob(16)))),
    ('unchained_up_to', (SELECT CAST(coalesce(max(id), 0) AS TEXT) FROM changes));

DROP TABLE events;
ALTER TABLE changes ADD COLUMN previous TEXT;

ALTER TABLE watches ADD COLUMN relation TEXT NOT NULL DEFAULT 'same' CHECK (relation IN ('same', 'related'));
ALTER TABLE watches ADD COLUMN note TEXT NOT NULL DEFAULT '';

CREATE TABLE watch_lists (
    name       TEXT PRIMARY KEY,
    path       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('good', 'bad', 'frozen', 'off')),
    trouble    TEXT NOT NULL DEFAULT '',
    line       INTEGER NOT NULL DEFAULT 0,
    col        INTEGER NOT NULL DEFAULT 0,
    hash       TEXT NOT NULL DEFAULT '',
    read_at    INTEGER NOT NULL,
    applied_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_list_entries (
    list     TEXT NOT NULL REFERENCES watch_lists(name),
    number   INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    col      INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('watched', 'waiting', 'bad')),
    url      TEXT NOT NULL,
    tracker  TEXT NOT NULL,
    bug      TEXT NOT NULL,
    label    TEXT NOT NULL,
    owner    TEXT NOT NULL,
    relation TEXT NOT NULL,
    note     TEXT NOT NULL,
    reason   TEXT NOT NULL DEFAULT '',
    bug_id   INTEGER REFERENCES bugs(id),
    PRIMARY KEY (list, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX troubled_entries ON watch_list_entries(list, number) WHERE state <> 'watched';

CREATE TABLE sinks (
    name          TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    position      INTEGER NOT NULL,
    checks        INTEGER NOT NULL DEFAULT 0,
    delivered     INTEGER NOT NULL DEFAULT 0,
    confirmed_at  INTEGER,
    failing_since INTEGER,
    tries         INTEGER NOT NULL DEFAULT 0,
    trouble       TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE parked_events (
    sink  TEXT NOT NULL REFERENCES sinks(name),
    kind  TEXT NOT NULL CHECK (kind IN ('change', 'check')),
    id    INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    why   TEXT NOT NULL,
    PRIMARY KEY (sink, kind, id)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: an id is never given twice, although rows go.
CREATE TABLE check_events (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    bug_id       INTEGER NOT NULL REFERENCES bugs(id),
    outcome      TEXT NOT NULL,
    error        TEXT NOT NULL,
    is_duplicate INTEGER NOT NULL,
    status       TEXT,
    importance   TEXT,
    last_checked INTEGER,
    last_success INTEGER
) STRICT;
)sql";

} // namespace checkwatches::storage
