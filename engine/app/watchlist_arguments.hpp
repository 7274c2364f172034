#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `watchlist`: adds them to the parser, and tells which was given.
class watchlist_arguments {
public:
    explicit watchlist_arguments(CLI::App& into);
    watchlist_arguments(watchlist_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* watchlist_;
    watchlist_check_options check_;
    watchlist_put_options put_;
    watchlist_list_options list_;
    watchlist_show_options show_;
};

} // namespace checkwatches::app
