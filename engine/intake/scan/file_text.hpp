#pragma once

#include "engine/intake/scan/short_ids.hpp"

namespace checkwatches::intake::scan {

// What a file of a package is, by its path there.
enum class file_kind {
    text,
    deb_changelog, // debian/changelog
    deb_metadata,  // debian/upstream/metadata
    deb_patch,     // debian/patches/…
    rpm_spec,      // *.spec
    rpm_changes,   // *.changes
};

file_kind kind_of(std::string_view path);

// Adds the bugs that a file names, in their order; each place once, as what says the most of it.
void find_in_file(
    file_kind kind, std::string_view text, short_ids const& shorts, bug_addresses& bugs, text_links& into);

} // namespace checkwatches::intake::scan
