#pragma once

#include "engine/app/scan_options.hpp"
#include "engine/intake/scan/scan.hpp"

#include <string>
#include <vector>

namespace checkwatches::app {

// What says that a package waits for a bug: "debian/patches/fix.patch:3 Bug", and in how many places more.
std::string note_of(intake::scan::found_bug const& bug);

// What was found, in a format: a watch list, lines, or objects.
std::string text_of(
    intake::scan::scan_report const& report,
    std::vector<intake::scan::found_bug> const& bugs,
    scan_options const& options);

} // namespace checkwatches::app
