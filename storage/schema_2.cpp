#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// signature_id is no foreign key: each signature that goes would be looked for in all bugs.
char const version_2[] = R"sql(
ALTER TABLE bugs ADD COLUMN server_time INTEGER;
ALTER TABLE bugs ADD COLUMN read_at INTEGER;
ALTER TABLE bugs ADD COLUMN signature_id INTEGER;

CREATE INDEX check_runs_by_age ON check_runs(last_at);

CREATE TABLE tracker_states (
    tracker_id          INTEGER PRIMARY KEY REFERENCES trackers(id),
    paused              INTEGER NOT NULL,
    note                TEXT NOT NULL,
    tried_at            INTEGER,
    succeeded_at        INTEGER,
    moved_to            TEXT,
    skew                INTEGER,
    batch               INTEGER,
    lanes               INTEGER,
    connections         INTEGER,
    requests_per_second REAL,
    changed_since       INTEGER
) STRICT;

CREATE TABLE breakers (
    scope      TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL,
    failed_at  INTEGER NOT NULL,
    open_until INTEGER NOT NULL,
    announced  INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    detail     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE validators (
    tracker_id    INTEGER NOT NULL REFERENCES trackers(id),
    url           TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX validators_by_age ON validators(at);

CREATE TABLE signatures (
    id         INTEGER PRIMARY KEY,
    tracker_id INTEGER NOT NULL REFERENCES trackers(id),
    outcome    TEXT NOT NULL,
    message    TEXT NOT NULL,
    times      INTEGER NOT NULL,
    bugs       INTEGER NOT NULL CHECK (bugs >= 0),
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    ended_at   INTEGER,
    sample     TEXT NOT NULL,
    UNIQUE (tracker_id, outcome, message)
) STRICT;
CREATE INDEX signatures_by_end ON signatures(ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE incidents (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    began  INTEGER NOT NULL,
    ended  INTEGER,
    detail TEXT NOT NULL
) STRICT;

CREATE TABLE engine (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    pid          INTEGER NOT NULL,
    version      TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    stopped_at   INTEGER,
    committed_at INTEGER
) STRICT;

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('additions', 0);
)sql";

} // namespace checkwatches::storage
