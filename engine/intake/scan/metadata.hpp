#pragma once

#include "engine/intake/scan/bug_addresses.hpp"
#include "engine/intake/scan/text_link.hpp"

namespace checkwatches::intake::scan {

// Adds the bugs that a debian/upstream/metadata (DEP-12, YAML) refers to, found by the key that they stand
// under, such as "Bug-Database" or "References". They are related: a tracker's address or its form for a new
// report names no bug. What is no YAML, or is nested deeper than 32 levels, has none behind where it goes
// wrong.
void find_in_metadata(std::string_view text, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
