#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `map`: adds them to the parser, and tells which was given.
class map_arguments {
public:
    explicit map_arguments(CLI::App& into);
    map_arguments(map_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* map_;
    map_test_options test_;
    map_replay_options replay_;
};

} // namespace checkwatches::app
