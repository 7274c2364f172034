#pragma once

#include "storage/records.hpp"

#include <string>
#include <vector>

namespace checkwatches::storage {

// A JSON array, as json_each() takes it apart again. A NUL character becomes U+FFFD: SQLite would cut the
// text there.
std::string json_list(std::vector<std::string> const& texts);
std::string json_list(std::vector<bug_id> const& ids);

} // namespace checkwatches::storage
