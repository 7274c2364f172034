#pragma once

#include "engine/intake/scan/short_ids.hpp"

namespace checkwatches::intake::scan {

// Adds the short ids in a spec file of RPM: in its %changelog, where they are the same, and in comments,
// where they are related.
void find_in_spec(std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into);

// Adds the short ids in a *.changes file, which is such a changelog as a whole.
void find_in_changes(std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
