#pragma once

#include "storage/records.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace checkwatches::storage {

// Which entries of the log to read, in its order; what is empty does not restrict. One of bug, tracker and
// actor is enough: the first of them is found by an index, and the others are looked for among its entries.
struct log_part {
    std::int64_t after = 0; // ids above this one
    std::int64_t up_to = std::numeric_limits<std::int64_t>::max();
    std::optional<bug_id> bug{};
    std::optional<tracker_id> of{};
    std::optional<std::string> actor{}; // "": what trackers did
    bool newest = false;                // the last of them, where there are more than are wanted
};

// By fewer digits nobody can tell hashes apart.
inline constexpr std::size_t least_hash_digits = 12;

} // namespace checkwatches::storage
