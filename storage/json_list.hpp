#pragma once

#include "storage/records.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::storage {

// A JSON array, as json_each() takes it apart again. A NUL character becomes U+FFFD: SQLite would cut the
// text there.
std::string json_list(std::vector<std::string> const& texts);
std::string json_list(std::vector<bug_id> const& ids);

// How often each outcome came, as a JSON object of numbers ({"seen":12,"timeout":1}), and back; what is none
// is skipped.
std::string json_object(std::map<outcome, std::int64_t> const& counts);
std::map<outcome, std::int64_t> read_counts(std::string_view text);

} // namespace checkwatches::storage
