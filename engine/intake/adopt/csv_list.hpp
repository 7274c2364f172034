#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <string_view>

namespace checkwatches::intake {

// Reads a list of watches as CSV (RFC 4180) in UTF-8, with the names of its columns in the first line, in any
// order: url, or tracker and bug; label, owner, relation, note; status, importance, checked_at, changed_at
// and error of the other side. Other columns are left out.
//
// An error of kind unparsable: it is no such table at all.
result<adopted> read_csv_list(std::string_view text);

} // namespace checkwatches::intake
