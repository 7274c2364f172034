#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace checkwatches::app {

// The command `scan`: adds it to the parser, and tells whether it was given.
class scan_arguments {
public:
    explicit scan_arguments(CLI::App& into);
    scan_arguments(scan_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* scan_;
    scan_options options_;
    std::string since_;
};

} // namespace checkwatches::app
