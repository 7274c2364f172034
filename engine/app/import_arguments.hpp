#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace checkwatches::app {

// The commands below `import`: adds them to the parser, and tells which was given.
class import_arguments {
public:
    explicit import_arguments(CLI::App& into);
    import_arguments(import_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    void add_common(CLI::App& to);

    CLI::App* import_;
    import_options options_;
    std::string fresh_for_;
};

} // namespace checkwatches::app
