#pragma once

#include "storage/recheck_records.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::intake::gerrit {

inline constexpr std::size_t longest_signature = 64 * 1024; // bytes of a file

// "1234" of "1234.yaml": the bug that a file of this name is for; empty where it is none's.
std::string signature_bug(std::string_view file);

// Reads a signature: a file N.yaml for the bug N, in YAML, with the keys that elastic-recheck has:
//
//     query: >                        what its failures are found by; needed
//       message:"Timed out" AND tags:"console"
//     suppress-graph: true            it is not shown among the bugs that are rechecked for
//     suppress-notification: true
//     allow-nonvoting: true
//     test_ids: [a, b]
//
// What cannot be read so has a trouble, with its line and column where there is one: a name that is no bug's
// number, no YAML, a key that is unknown or comes twice, a value of another type, no query. Pure.
storage::recheck_signature read_signature(std::string const& file, std::string_view text);

} // namespace checkwatches::intake::gerrit
