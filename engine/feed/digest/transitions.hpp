#pragma once

#include "storage/records.hpp"

#include <string>
#include <vector>

namespace checkwatches::feed {

// Whether people are told of a change: what the table of transitions says. `named` are fields that the
// digest's filter names: those are told although the table is silent about them.
bool is_told(storage::change const& c, std::vector<std::string> const& named);

} // namespace checkwatches::feed
