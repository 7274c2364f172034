#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The command `rechecks`: adds it to the parser, and tells whether it was given.
class rechecks_arguments {
public:
    explicit rechecks_arguments(CLI::App& into);
    rechecks_arguments(rechecks_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* rechecks_;
    rechecks_options options_;
};

} // namespace checkwatches::app
