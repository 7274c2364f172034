#include "storage/schema_steps.hpp"

namespace checkwatches::storage {

char const version_3[] = R"sql(
ALTER TABLE changes ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX moved_bugs ON bugs(id) WHERE last_outcome = 'moved';
)sql";

} // namespace checkwatches::storage
