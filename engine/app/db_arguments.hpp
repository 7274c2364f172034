#pragma once

#include "engine/app/command_line.hpp"

#include <CLI/CLI.hpp>

namespace checkwatches::app {

// The commands below `db`: adds them to the parser, and tells which was given.
class db_arguments {
public:
    explicit db_arguments(CLI::App& into);
    db_arguments(db_arguments const&) = delete;

    // Nothing where another command was given.
    std::optional<any_command> chosen() const;

private:
    CLI::App* db_;
    db_check_options check_;
    db_backup_options backup_;
    db_compact_options compact_;
};

} // namespace checkwatches::app
