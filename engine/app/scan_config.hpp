#pragma once

#include "engine/core/toml_section.hpp"
#include "engine/intake/scan/short_ids.hpp"

#include <string>

namespace checkwatches::app {

// [scan.short]: what short ids stand for, beside those that are built in or in their place.
void read_scan(
    section& in, std::string const& file, std::optional<error>& trouble, intake::scan::short_ids& into);

} // namespace checkwatches::app
