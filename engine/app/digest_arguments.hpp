#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `digest`: adds them to the parser, and tells which was given.
class digest_arguments {
public:
    explicit digest_arguments(CLI::App& into);
    digest_arguments(digest_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* digest_;
    digest_list_options list_;
    digest_preview_options preview_;
    digest_test_options test_;
    digest_mute_options mute_;
    digest_unmute_options unmute_;
    digest_retry_options retry_;
};

} // namespace checkwatches::app
