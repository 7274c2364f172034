#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `tracker`: adds them to the parser, and tells which was given.
class tracker_arguments {
public:
    explicit tracker_arguments(CLI::App& into);
    tracker_arguments(tracker_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* add_command(char const* name, char const* what, std::string& tracker);

    CLI::App* tracker_;
    tracker_add_options add_;
    tracker_list_options list_;
    tracker_kinds_options kinds_;
    tracker_try_options try_;
    tracker_show_options show_;
    tracker_probe_options probe_;
    tracker_login_options login_;
    tracker_pause_options pause_;
    tracker_resume_options resume_;
    tracker_reset_options reset_;
    tracker_set_options set_;
    std::vector<std::string> settings_; // as given
};

} // namespace checkwatches::app
