#pragma once

#include "storage/records.hpp"

#include <vector>

namespace checkwatches::test {

// These bugs as a look takes them.
inline std::vector<storage::settled_bug> to_settle(std::vector<storage::bug_state> const& bugs)
{
    std::vector<storage::settled_bug> out;
    for (auto const& bug : bugs)
        out.push_back({.after = bug});
    return out;
}

} // namespace checkwatches::test
