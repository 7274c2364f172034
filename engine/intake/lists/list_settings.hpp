#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::intake {

// What the configuration says of watch lists.
struct list_settings {
    bool enabled = true;            // false: the folder is not looked at; what it brought stays as it is
    std::string folder{};           // empty: "watchlists" beside the database
    std::vector<std::string> off{}; // names of lists that are kept, and have no watches
    std::chrono::seconds sweep{30}; // the folder is looked at so often, whatever it tells of itself
    std::chrono::seconds hold{60};  // how long what takes many watches away must have been there

    bool is_off(std::string_view name) const { return std::ranges::find(off, name) != off.end(); }
    bool operator==(list_settings const&) const = default;
};

} // namespace checkwatches::intake
