#pragma once

#include <optional>
#include <string>
#include <vector>

namespace checkwatches::app {

struct watchlist_check_options {
    std::vector<std::string> paths{}; // folders of lists, or files
    bool json = false;
};
struct watchlist_put_options {
    std::string name{};
    std::string file{};                  // "-": standard input
    std::optional<std::string> format{}; // "json", "toml" or "lines"; nothing: by the file's ending
    bool force = false;
    bool json = false;
};
struct watchlist_list_options {
    bool json = false;
};
struct watchlist_show_options {
    std::string name{};
    bool troubled = false; // only entries that wait or are bad
    bool json = false;
};

} // namespace checkwatches::app
