#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

char const version_7[] = R"sql(
CREATE TABLE digests (
    name        TEXT PRIMARY KEY,
    created_at  INTEGER NOT NULL,
    last_change INTEGER NOT NULL,
    last_letter INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_topics (
    digest    TEXT NOT NULL REFERENCES digests(name),
    topic     TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    until     INTEGER NOT NULL,
    awaited   INTEGER NOT NULL,
    unlisted  INTEGER NOT NULL,
    PRIMARY KEY (digest, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_items (
    digest    TEXT NOT NULL,
    topic     TEXT NOT NULL,
    bug_id    INTEGER NOT NULL REFERENCES bugs(id),
    field     TEXT NOT NULL,
    tracker   TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    title     TEXT NOT NULL,
    url       TEXT NOT NULL,
    before    TEXT NOT NULL,
    after     TEXT NOT NULL,
    change_id INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    told      INTEGER NOT NULL,
    PRIMARY KEY (digest, topic, bug_id, field),
    FOREIGN KEY (digest, topic) REFERENCES digest_topics(digest, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_troubles (
    digest       TEXT NOT NULL REFERENCES digests(name),
    bug_id       INTEGER NOT NULL REFERENCES bugs(id),
    topic        TEXT NOT NULL,
    tracker      TEXT NOT NULL,
    remote_id    TEXT NOT NULL,
    title        TEXT NOT NULL,
    url          TEXT NOT NULL,
    began        INTEGER NOT NULL,
    outcome      TEXT NOT NULL,
    error        TEXT NOT NULL,
    told         INTEGER NOT NULL,
    is_permanent INTEGER NOT NULL,
    PRIMARY KEY (digest, bug_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_threads (
    digest TEXT NOT NULL REFERENCES digests(name),
    topic  TEXT NOT NULL,
    first  TEXT NOT NULL,
    last   TEXT NOT NULL,
    PRIMARY KEY (digest, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE digest_letters (
    digest     TEXT NOT NULL REFERENCES digests(name),
    number     INTEGER NOT NULL,
    topic      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    refs       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    text       TEXT NOT NULL,
    html       TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    trouble    TEXT NOT NULL DEFAULT '',
    is_parked  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;

-- Where the watches of a bug that moved went.
CREATE TABLE followed_bugs (
    bug_id INTEGER PRIMARY KEY REFERENCES bugs(id),
    went   INTEGER NOT NULL REFERENCES bugs(id)
) STRICT;

-- Of a digest that may not have begun yet.
CREATE TABLE digest_mutes (
    digest  TEXT NOT NULL,
    begins  INTEGER NOT NULL,
    ends    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    PRIMARY KEY (digest, begins)
) STRICT, WITHOUT ROWID;
)sql";

} // namespace checkwatches::storage
