#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// What people say in Gerrit when they have a change tested again, the changes that they say it of, how each
// source of them fares, the times that it could not be read for, and the signatures that its bugs have.
char const version_8[] = R"sql(
CREATE TABLE recheck_sources (
    name       TEXT PRIMARY KEY,
    url        TEXT NOT NULL,
    bugs       TEXT NOT NULL,
    every      INTEGER NOT NULL,
    tried_at   INTEGER,
    read_at    INTEGER,
    began_at   INTEGER,
    newest     INTEGER,
    failure    TEXT NOT NULL,
    failures   INTEGER NOT NULL,
    folder     TEXT NOT NULL,
    folder_at  INTEGER,
    folder_bad TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rechecks (
    source        TEXT NOT NULL,
    message       TEXT NOT NULL,
    bug           TEXT NOT NULL,
    at            INTEGER NOT NULL,
    change_number INTEGER NOT NULL,
    project       TEXT NOT NULL,
    branch        TEXT NOT NULL,
    PRIMARY KEY (source, message, bug)
) STRICT, WITHOUT ROWID;
CREATE INDEX rechecks_by_time ON rechecks (at);
CREATE INDEX rechecks_by_bug ON rechecks (source, bug, at);

CREATE TABLE recheck_changes (
    source  TEXT NOT NULL,
    number  INTEGER NOT NULL,
    subject TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (source, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX recheck_changes_by_time ON recheck_changes (updated);

CREATE TABLE recheck_gaps (
    source TEXT NOT NULL,
    began  INTEGER NOT NULL,
    ended  INTEGER,
    filled INTEGER NOT NULL,
    why    TEXT NOT NULL,
    PRIMARY KEY (source, began)
) STRICT, WITHOUT ROWID;

CREATE TABLE recheck_signatures (
    source                TEXT NOT NULL,
    file                  TEXT NOT NULL,
    bug                   TEXT NOT NULL,
    query                 TEXT NOT NULL,
    suppress_graph        INTEGER NOT NULL,
    suppress_notification INTEGER NOT NULL,
    allow_nonvoting       INTEGER NOT NULL,
    test_ids              TEXT NOT NULL,
    trouble               TEXT NOT NULL,
    line                  INTEGER NOT NULL,
    place                 INTEGER NOT NULL,
    PRIMARY KEY (source, file)
) STRICT, WITHOUT ROWID;
)sql";

} // namespace checkwatches::storage
