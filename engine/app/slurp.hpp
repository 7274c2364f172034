#pragma once

#include <optional>
#include <string>

namespace checkwatches::app {

// Reads a whole small file; nothing where it cannot be read.
std::optional<std::string> slurp(std::string const& path);

} // namespace checkwatches::app
