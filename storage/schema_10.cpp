#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

// Half of what a check's write cost were the conditions of partial indexes: each check moves next_check and
// checked_at, so that SQLite weighed the row for each index before and after. Whether a bug is still asked
// about is a column of its own now, and of what a check moves the conditions name nothing but the outcome.
// And a third of what a change's write cost was that SQLite makes a table for each list of three words.
char const version_10[] = R"sql(
ALTER TABLE bug_checks ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
UPDATE bug_checks SET retired = 1 WHERE next_check = 253402214400000;

DROP INDEX failing_bugs;
DROP INDEX unchecked_bugs;
CREATE INDEX failing_bugs ON bug_checks(bug_id) WHERE last_outcome NOT IN ('seen', 'unmodified') AND NOT retired;
CREATE INDEX unchecked_bugs ON bug_checks(bug_id) WHERE last_outcome IS NULL AND NOT retired;

DROP INDEX resolved_bugs;
CREATE INDEX resolved_bugs ON bugs(coalesce(resolved_at, 0) DESC)
    WHERE status = 'Fix Released' OR status = 'Invalid' OR status = 'Won''t Fix';
)sql";

} // namespace checkwatches::storage
