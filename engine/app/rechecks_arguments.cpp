#include "engine/app/rechecks_arguments.hpp"

namespace checkwatches::app {

rechecks_arguments::rechecks_arguments(CLI::App& into)
    : rechecks_{into.add_subcommand("rechecks", "bugs that changes in Gerrit are tested again for")}
{
    constexpr std::int64_t most_days = 400;
    rechecks_->add_option("--source", options_.source, "only this Gerrit (its name)")->type_name("NAME");
    rechecks_->add_flag("--queue", options_.queue, "those that nobody has a signature for, most often first");
    rechecks_->add_option("--days", options_.days, "of the queue: as far back")
        ->check(CLI::Range(std::int64_t{1}, most_days))
        ->capture_default_str()
        ->type_name("NUMBER");
    rechecks_->add_flag("--json", options_.json, "one JSON object a line");
}

std::optional<any_command> rechecks_arguments::chosen() const
{
    if (!rechecks_->parsed())
        return std::nullopt;
    return options_;
}

} // namespace checkwatches::app
