#include "engine/app/map_arguments.hpp"

namespace checkwatches::app {

map_arguments::map_arguments(CLI::App& into)
    : map_{into.add_subcommand("map", "what the words of trackers mean; asks no tracker and changes nothing")}
{
    map_->require_subcommand(1);
    auto* const test = map_->add_subcommand("test", "what these words of a tracker mean");
    test->add_option("NAME", test_.tracker, "the tracker, by its name")->required();
    test->add_option("--status", test_.words.status)->type_name("WORD");
    test->add_option("--resolution", test_.words.resolution)->type_name("WORD");
    test->add_option("--priority", test_.words.priority)->type_name("WORD");
    test->add_option("--severity", test_.words.severity)->type_name("WORD");
    test->add_option("--type", test_.words.type)->type_name("WORD");
    test->add_option("--label", test_.words.labels, "may be given several times")->type_name("WORD");
    test->add_flag("--json", test_.json, "one JSON object");
    auto* const replay = map_->add_subcommand(
        "replay", "what the configuration as it is would change of what is stored");
    replay->add_option("--tracker", replay_.trackers, "only this tracker (its name)")->type_name("NAME");
    replay->add_flag("--json", replay_.json, "one JSON object a line");
}

std::optional<any_command> map_arguments::chosen() const
{
    if (!map_->parsed())
        return std::nullopt;
    if (map_->get_subcommands().front()->get_name() == "test")
        return test_;
    return replay_;
}

} // namespace checkwatches::app
