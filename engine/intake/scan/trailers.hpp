#pragma once

#include "engine/intake/scan/short_ids.hpp"

namespace checkwatches::intake::scan {

// Adds the bugs that the message of a commit names in trailers, by addresses and short ids: Bug, BugLink,
// Closes, Fixes and Resolves speak of the same bug, Link of a related one. A trailer is any line that begins
// with one of these words and a colon, with what is folded behind it. In a Debian package Closes and LP name
// bugs as in its changelog, which is made of such messages.
void find_in_message(
    std::string_view text, bool of_debian, short_ids const& shorts, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
