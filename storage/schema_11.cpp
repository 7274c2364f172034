#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// Hashes are found in parts of 4,096 entries, as they were logged: among all of them each new one was written
// into a page of its own, which cost as much as the rest of a change. The keys are taken over as they are,
// for they bear witness to what was logged.
char const version_11[] = R"sql(
CREATE TABLE change_hashes_11 (
    part INTEGER NOT NULL,
    key  INTEGER NOT NULL,
    id   INTEGER NOT NULL,
    PRIMARY KEY (part, key, id)
) STRICT, WITHOUT ROWID;
INSERT INTO change_hashes_11 (part, key, id) SELECT id >> 12, key, id FROM change_hashes ORDER BY 1, 2, 3;
DROP TABLE change_hashes;
ALTER TABLE change_hashes_11 RENAME TO change_hashes;
)sql";

} // namespace checkwatches::storage
