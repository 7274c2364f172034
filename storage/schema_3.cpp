#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// What was probed before says nothing of comments, and is probed anew.
char const version_3[] = R"sql(
ALTER TABLE changes ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX moved_bugs ON bugs(id) WHERE last_outcome = 'moved';
CREATE INDEX duplicate_bugs ON bugs(id) WHERE duplicate_of <> '';

ALTER TABLE bugs ADD COLUMN product TEXT NOT NULL DEFAULT '';
ALTER TABLE tracker_states ADD COLUMN comments INTEGER;
ALTER TABLE tracker_states ADD COLUMN comments_of TEXT NOT NULL DEFAULT '[]';
UPDATE capabilities SET expires_at = 0;

CREATE TABLE comments (
    bug_id      INTEGER NOT NULL REFERENCES bugs(id),
    remote_id   TEXT NOT NULL,
    author      TEXT NOT NULL,
    at          INTEGER,
    text        TEXT NOT NULL,
    is_cut      INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    PRIMARY KEY (bug_id, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comment_marks (
    bug_id      INTEGER PRIMARY KEY REFERENCES bugs(id),
    tried_at    INTEGER NOT NULL,
    read_at     INTEGER,
    modified_at INTEGER,
    newest_at   INTEGER,
    failure     TEXT NOT NULL
) STRICT;

CREATE TABLE comment_counts (
    tracker_id INTEGER NOT NULL REFERENCES trackers(id),
    month      TEXT NOT NULL,
    seen       INTEGER NOT NULL,
    imported   INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    PRIMARY KEY (tracker_id, month)
) STRICT, WITHOUT ROWID;
)sql";

} // namespace checkwatches::storage
