#pragma once

#include "engine/intake/scan/short_ids.hpp"

namespace checkwatches::intake::scan {

// Adds the bugs that the header of a patch names (DEP-3): in its fields Bug, Bug-<Vendor> and Forwarded,
// which may be folded and stand behind "#". The header ends at the first line of the diff, or of three
// dashes. A value names bugs by addresses and short ids; Bug-Debian and Bug-Ubuntu also by numbers alone.
// What names none ("no", "not-needed", a mailing list) is none.
void find_in_patch_header(
    std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
