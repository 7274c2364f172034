#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// The log is found by what its readers ask for. Times hardly ever go back, so that their index grows at its
// end; an entry's hash is not stored but computed, and found by its first digits (chain.hpp: hash_key).
// change_hash_key is a function of ours (schema.cpp).
char const version_6[] = R"sql(
CREATE INDEX changes_by_time ON changes(at);
CREATE INDEX changes_by_actor ON changes(actor);
CREATE TABLE change_hashes (
    key INTEGER NOT NULL,
    id  INTEGER NOT NULL,
    PRIMARY KEY (key, id)
) STRICT, WITHOUT ROWID;
INSERT INTO change_hashes (key, id)
    SELECT change_hash_key(
        id, at, tracker_id, bug_id, field, before, after, remote_before, remote_after, reason, actor, previous), id
    FROM changes ORDER BY 1;
)sql";

} // namespace checkwatches::storage
