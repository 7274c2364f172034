#pragma once

#include "engine/core/toml_section.hpp"
#include "engine/intake/gerrit/source.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// Reads one [[gerrit]]. Its signatures are in `folder` unless it names another one, which then must be there.
void read_gerrit(section& in, std::string const& folder, std::vector<intake::gerrit::source>& into);

} // namespace checkwatches::app
