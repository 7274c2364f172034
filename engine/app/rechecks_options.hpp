#pragma once

#include <cstdint>
#include <string>

namespace checkwatches::app {

struct rechecks_options {
    std::string source{};   // the name of a [[gerrit]]; empty: all
    bool queue = false;     // what has no signature
    std::int64_t days = 14; // … in so many days
    bool json = false;
};

} // namespace checkwatches::app
