#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `sink`: adds them to the parser, and tells which was given.
class sink_arguments {
public:
    explicit sink_arguments(CLI::App& into);
    sink_arguments(sink_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* sink_;
    sink_list_options list_;
    sink_test_options test_;
    sink_retry_options retry_;
    sink_skip_options skip_;
    sink_drop_options drop_;
};

} // namespace checkwatches::app
