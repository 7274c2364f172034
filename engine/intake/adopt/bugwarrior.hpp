#pragma once

#include "engine/core/error.hpp"
#include "engine/intake/adopt/adopted.hpp"

#include <string_view>

namespace checkwatches::intake {

// In which of its two forms a configuration of bugwarrior is.
enum class bugwarrior_form { ini, toml, either };

// Reads bugwarrior's configuration: the trackers that its targets ask, with their projects where it names
// some, and the bugs that it names one by one. Each target ends as something: one whose service is no kind of
// tracker here is left out by name. User names, passwords and tokens are neither kept nor repeated.
//
// An error of kind unparsable or too_large: it is no such file at all.
result<adopted> read_bugwarrior(std::string_view text, bugwarrior_form form);

} // namespace checkwatches::intake
