#pragma once

#include "engine/intake/adopt/adopted.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake {

// A line of settings that stand in a file of sections (INI, as Python's configparser reads it).
struct setting {
    spot at{};
    std::string section{};
    std::string key{};   // in lower case
    std::string value{}; // lines that continue it behind line ends
};

// Reads the settings whose key `wanted` is true for; of others no value is kept, since some are secrets. What
// is no line of such a file goes to `rest`, without being quoted. `sections` gets the name of each, once.
std::vector<setting> read_ini(
    std::string_view text,
    std::function<bool(std::string_view key)> const& wanted,
    std::vector<std::pair<std::string, spot>>& sections,
    std::vector<leftover>& rest);

} // namespace checkwatches::intake
