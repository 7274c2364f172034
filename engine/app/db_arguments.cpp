#include "engine/app/db_arguments.hpp"

namespace checkwatches::app {

db_arguments::db_arguments(CLI::App& into)
    : db_{into.add_subcommand("db", "look after the database; safe while checkwatches runs")}
{
    db_->require_subcommand(1);
    db_->add_subcommand("check", "look for damage")->add_flag("--json", check_.json, "one JSON object");
    auto* const backup = db_->add_subcommand("backup", "write a copy that is whole");
    backup->add_option("FILE", backup_.file, "the copy; an older copy there is replaced")->required();
    backup->add_flag("--json", backup_.json, "one JSON object");
    db_->add_subcommand("compact", "give unused room back to the disk")
        ->add_flag("--json", compact_.json, "one JSON object");
}

std::optional<any_command> db_arguments::chosen() const
{
    if (!db_->parsed())
        return std::nullopt;
    auto const name = db_->get_subcommands().front()->get_name();
    if (name == "check")
        return check_;
    if (name == "backup")
        return backup_;
    return compact_;
}

} // namespace checkwatches::app
