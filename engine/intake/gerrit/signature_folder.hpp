#pragma once

#include "storage/recheck_records.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::intake::gerrit {

inline constexpr std::size_t most_signatures = 10'000; // files of a folder

// A folder of signatures as it is now. Blocking.
struct signature_folder {
    std::vector<storage::recheck_signature> all{}; // by file; those that cannot be read among them
    std::string trouble{};                         // why the folder could not be read
};

// What tells one state of a folder from another: names, sizes and times of its files, none of which is read.
// Empty where it cannot be read. Blocking.
std::string stamp_of(std::string const& folder);

// Reads all files *.yaml of the folder but hidden ones. One that cannot be read, is too long or is no plain
// file is told as such, and touches no other. Nor is any of the files `closed` opened, whatever links to it:
// a descriptor of the database that is closed would take SQLite's locks with it. Where `must_be_there` is
// false a folder that is not there is an empty one. Blocking.
signature_folder
read_signatures(std::string const& folder, bool must_be_there, std::vector<std::string> const& closed = {});

} // namespace checkwatches::intake::gerrit
