#pragma once

#include "storage/records.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace checkwatches::intake::scan {

// A place in a text that names a bug.
struct text_link {
    std::string url{};      // of the bug
    std::string bug{};      // the same for all spellings of its address
    std::size_t at = 0;     // where the text that names it begins
    std::size_t length = 0; // … and how long it is
    // What the bug is to the text's package: the same where a field, a trailer or a changelog says so,
    // related where it is no more than mentioned.
    storage::relation is{};
    std::string by{}; // what says so: "Bug-Debian", "Closes", "rhbz#", "URL"
};

using text_links = std::vector<text_link>;

} // namespace checkwatches::intake::scan
