#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// SQLite cannot relax NOT NULL in place: the log and its events are copied, ids and all. Renaming the log
// carries the reference of the events along.
//
// No index hangs on a time or a count that each check writes. Those of failing and of unchecked bugs are
// partial, so that a check that succeeds only looks at their condition; statements that use them repeat the
// condition word for word (storage/conditions.hpp).
char const version_4[] = R"sql(
CREATE TABLE changes_4 (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    tracker_id    INTEGER REFERENCES trackers(id),
    bug_id        INTEGER REFERENCES bugs(id),
    field         TEXT NOT NULL,
    before        TEXT,
    after         TEXT,
    remote_before TEXT,
    remote_after  TEXT,
    reason        TEXT NOT NULL DEFAULT '',
    actor         TEXT NOT NULL DEFAULT '',
    CHECK (bug_id IS NULL OR tracker_id IS bug_id >> 32)
) STRICT;
INSERT INTO changes_4 (id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason)
    SELECT id, at, bug_id >> 32, bug_id, field, before, after, remote_before, remote_after, reason
    FROM changes ORDER BY id;

CREATE TABLE events_4 (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    bug_id    INTEGER REFERENCES bugs(id),
    change_id INTEGER REFERENCES changes_4(id)
) STRICT;
INSERT INTO events_4 (id, at, kind, bug_id, change_id)
    SELECT id, at, kind, bug_id, change_id FROM events ORDER BY id;

DROP TABLE events;
DROP TABLE changes;
ALTER TABLE changes_4 RENAME TO changes;
ALTER TABLE events_4 RENAME TO events;
CREATE INDEX changes_by_bug ON changes(bug_id) WHERE bug_id IS NOT NULL;
CREATE INDEX changes_by_tracker ON changes(tracker_id) WHERE tracker_id IS NOT NULL;
CREATE TRIGGER changes_are_not_rewritten BEFORE UPDATE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END;
CREATE TRIGGER changes_are_not_removed BEFORE DELETE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log of changes is append-only'); END;

CREATE INDEX watches_by_owner ON watches(owner);
CREATE INDEX watches_by_source ON watches(source);

CREATE INDEX failing_bugs ON bugs(id)
    WHERE last_outcome NOT IN ('seen', 'unmodified') AND next_check <> 253402214400000;
CREATE INDEX unchecked_bugs ON bugs(id) WHERE checked_at IS NULL AND next_check <> 253402214400000;
CREATE INDEX bugs_by_outcome ON bugs(last_outcome) WHERE last_outcome NOT IN ('seen', 'unmodified');
CREATE INDEX bugs_by_signature ON bugs(signature_id) WHERE signature_id IS NOT NULL;
-- When a change made its status what it is, where that is a resolved one.
ALTER TABLE bugs ADD COLUMN resolved_at INTEGER;
UPDATE bugs SET resolved_at = (
    SELECT c.at FROM changes c INDEXED BY changes_by_bug
    WHERE c.bug_id = bugs.id AND c.field = 'status' AND c.before IS NOT NULL ORDER BY c.id DESC LIMIT 1)
WHERE status IN ('Fix Released', 'Invalid', 'Won''t Fix');
CREATE INDEX resolved_bugs ON bugs(coalesce(resolved_at, 0) DESC)
    WHERE status IN ('Fix Released', 'Invalid', 'Won''t Fix');
CREATE INDEX open_signatures ON signatures(bugs DESC, times DESC) WHERE ended_at IS NULL;

CREATE TABLE passes (
    id           INTEGER PRIMARY KEY,
    tracker_id   INTEGER NOT NULL REFERENCES trackers(id),
    began        INTEGER NOT NULL,
    ended        INTEGER NOT NULL,
    asked        INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    changes      INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    not_modified INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    deferred     INTEGER NOT NULL,
    trouble      TEXT NOT NULL,
    outcomes     TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX passes_by_tracker ON passes(tracker_id);
CREATE INDEX passes_by_end ON passes(ended);

CREATE TABLE outcome_days (
    tracker_id INTEGER NOT NULL REFERENCES trackers(id),
    day        INTEGER NOT NULL,
    outcome    TEXT NOT NULL,
    checks     INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, day, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE traffic_days (
    tracker_id   INTEGER NOT NULL REFERENCES trackers(id),
    day          INTEGER NOT NULL,
    passes       INTEGER NOT NULL,
    requests     INTEGER NOT NULL,
    not_modified INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    deferrals    INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    name       TEXT PRIMARY KEY,
    may        TEXT NOT NULL CHECK (may IN ('read', 'operate')),
    hash       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE meanings (
    tracker_id INTEGER NOT NULL REFERENCES trackers(id),
    field      TEXT NOT NULL,
    key        TEXT NOT NULL,
    means      TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, field, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE put_away (
    bug_id    INTEGER NOT NULL REFERENCES bugs(id),
    label     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    PRIMARY KEY (bug_id, label)
) STRICT, WITHOUT ROWID;
)sql";

} // namespace checkwatches::storage
