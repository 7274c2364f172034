#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `token`: adds them to the parser, and tells which was given.
class token_arguments {
public:
    explicit token_arguments(CLI::App& into);
    token_arguments(token_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* token_;
    token_add_options add_;
    token_list_options list_;
    token_revoke_options revoke_;
};

} // namespace checkwatches::app
