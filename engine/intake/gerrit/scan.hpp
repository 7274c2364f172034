#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake::gerrit {

inline constexpr std::size_t most_of_a_message = 10;      // bugs that one comment is counted for
inline constexpr std::size_t longest_message = 64 * 1024; // bytes that are looked at
inline constexpr std::size_t most_digits = 12;            // of a bug's number

// The bugs that a comment in Gerrit has a change tested again for, each once, in their order; "" where it
// says that it is for none. It is what elastic-recheck's expression finds,
//
//     recheck (no bug|bug (\#)?(?P<bugno>\d+))$
//
// at the end of any line that is no quotation ("> …"), not only at the end of the whole. Upper and lower case
// count, as they do there. Leading zeros go; the number 0 is no bug's. Pure.
std::vector<std::string> rechecks_in(std::string_view message);

} // namespace checkwatches::intake::gerrit
