#pragma once

#include "engine/core/time.hpp"
#include "engine/intake/scan/short_ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake::scan {

struct scan_settings {
    std::string label{};             // of everything, in place of what packages are called
    bool git = false;                // trailers of the commits, too
    std::optional<utc_time> since{}; // … of that time or later
    std::size_t threads = 1;
    std::size_t most_files = 10'000'000;
    std::size_t most_links = 500'000;
};

// Where a link stands.
struct place {
    std::string folder{}; // its package's root
    std::string file{};   // below that; empty for a commit
    std::size_t line = 0; // from 1
    std::string commit{}; // the message that it stands in; empty for a file

    // "debian/patches/fix.patch:3", "commit 0123456789ab"; valid UTF-8, whatever the file is called.
    std::string text() const;
};

struct found_link {
    std::string label{};
    std::string url{};
    std::string bug{}; // the same for all spellings of its address
    storage::relation is{};
    std::string by{};
    place where{};
};

// A bug that a package names, once.
struct found_bug {
    std::string label{};
    std::string url{};
    storage::relation is{}; // the same, where any place says so
    std::string by{};       // at the first place
    place first{};
    std::size_t places = 0;
};

struct scan_trouble {
    std::string path{};
    std::string why{};
};

// What a scan came to.
struct scan_report {
    std::vector<found_link> links{};   // in the order of packages, files and lines
    std::vector<std::string> labels{}; // of all packages that were looked at, each once, in order
    // Those of them of which not all was looked at: part of a package was given, or something was in the way.
    std::vector<std::string> partial{};
    std::vector<scan_trouble> troubles{};
    bool found_any = false; // at least one of the paths is there
    std::size_t packages = 0;
    std::size_t files = 0;
    std::uint64_t bytes = 0;
};

// Looks for bugs that files, packages and folders of packages name (packages.hpp). Blocks until all is looked
// at, with threads of its own; what cannot be read is told and does not stop the others.
scan_report scan(
    std::vector<std::string> const& paths,
    scan_settings const& settings,
    adapters::registry const& kinds,
    short_ids const& shorts);

// The bugs in it, by label in the order of the labels, and there in the order of their first places.
std::vector<found_bug> bugs_in(scan_report const& report);

} // namespace checkwatches::intake::scan
