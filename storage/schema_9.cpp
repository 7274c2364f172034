#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// What each check of a bug writes gets a narrow row of its own. To drop the columns one after the other would
// write the wide rows anew each time: they are copied once, ids and all, and what refers to them by name
// refers to the copy. The columns that scans read come first; the error, which may be long, comes last.
char const version_9[] = R"sql(
CREATE TABLE bug_checks (
    bug_id       INTEGER PRIMARY KEY REFERENCES bugs(id),
    next_check   INTEGER NOT NULL,
    last_outcome TEXT,
    checked_at   INTEGER,
    seen_at      INTEGER,
    failures     INTEGER NOT NULL DEFAULT 0,
    run_began    INTEGER,
    run_checks   INTEGER NOT NULL DEFAULT 0,
    runs_ended   INTEGER NOT NULL DEFAULT 0,
    server_time  INTEGER,
    read_at      INTEGER,
    error        TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO bug_checks (bug_id, next_check, last_outcome, checked_at, seen_at, failures, run_began, run_checks,
        runs_ended, server_time, read_at, error)
    SELECT id, next_check, last_outcome, checked_at, seen_at, failures, run_began, run_checks, runs_ended,
        server_time, read_at, error
    FROM bugs ORDER BY id;

CREATE TABLE bugs_9 (
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
    changed_at     INTEGER,
    product        TEXT NOT NULL DEFAULT '',
    signature_id   INTEGER,
    resolved_at    INTEGER,
    UNIQUE (tracker_id, remote_id),
    CHECK (id >> 32 = tracker_id)
) STRICT;
INSERT INTO bugs_9 (id, tracker_id, remote_id, status, importance, raw_status, raw_resolution, raw_priority,
        raw_severity, raw_type, raw_labels, title, duplicate_of, modified_at, replaced, changed_at, product,
        signature_id, resolved_at)
    SELECT id, tracker_id, remote_id, status, importance, raw_status, raw_resolution, raw_priority, raw_severity,
        raw_type, raw_labels, title, duplicate_of, modified_at, replaced, changed_at, product, signature_id,
        resolved_at
    FROM bugs ORDER BY id;
DROP TABLE bugs;
ALTER TABLE bugs_9 RENAME TO bugs;

CREATE INDEX duplicate_bugs ON bugs(id) WHERE duplicate_of <> '';
CREATE INDEX bugs_by_signature ON bugs(signature_id) WHERE signature_id IS NOT NULL;
CREATE INDEX resolved_bugs ON bugs(coalesce(resolved_at, 0) DESC)
    WHERE status IN ('Fix Released', 'Invalid', 'Won''t Fix');

CREATE INDEX moved_bugs ON bug_checks(bug_id) WHERE last_outcome = 'moved';
CREATE INDEX failing_bugs ON bug_checks(bug_id)
    WHERE last_outcome NOT IN ('seen', 'unmodified') AND next_check <> 253402214400000;
CREATE INDEX unchecked_bugs ON bug_checks(bug_id) WHERE checked_at IS NULL AND next_check <> 253402214400000;
CREATE INDEX bugs_by_outcome ON bug_checks(last_outcome) WHERE last_outcome NOT IN ('seen', 'unmodified');
)sql";

} // namespace checkwatches::storage
