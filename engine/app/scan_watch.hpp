#pragma once

#include "engine/app/commands.hpp"
#include "engine/app/known_kinds.hpp"
#include "engine/intake/scan/scan.hpp"

#include <vector>

namespace checkwatches::app {

// The source of the watches that a scan makes for a label: "scan:LABEL".
std::string source_of_scan(std::string const& label);

// Watches what a scan found, for its labels. What is watched by an earlier scan of the same label and was not
// found is watched no longer, but where not all of the label's packages could be looked at. Prints what
// became of them, and tells a running instance.
exit_code watch_found(
    global_options const& global,
    config const& conf,
    scan_options const& options,
    known_kinds const& kinds,
    intake::scan::scan_report const& report,
    std::vector<intake::scan::found_bug> const& bugs);

} // namespace checkwatches::app
