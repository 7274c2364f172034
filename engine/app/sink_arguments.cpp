#include "engine/app/sink_arguments.hpp"

namespace checkwatches::app {

sink_arguments::sink_arguments(CLI::App& into)
    : sink_{into.add_subcommand("sink", "where changes go: webhooks, brokers, files, people")}
{
    sink_->require_subcommand(1);
    auto* const list = sink_->add_subcommand("list", "how far each is, and what is wrong with it");
    list->add_flag("--json", list_.json, "one JSON object a line");
    auto* const test = sink_->add_subcommand("test", "send a test, which is no change, and show the answer");
    test->add_option("NAME", test_.name, "the sink's name")->required();
    auto* const retry = sink_->add_subcommand(
        "retry", "tell again what was parked, and try at once what waits");
    retry->add_option("NAME", retry_.name, "the sink's name")->required();
    retry->add_option("ID", retry_.id, "only the parked event with this id")->check(CLI::PositiveNumber);
    auto* const skip = sink_->add_subcommand("skip", "park the event that the sink does not take");
    skip->add_option("NAME", skip_.name, "the sink's name")->required();
    auto* const drop = sink_->add_subcommand("drop", "forget one that is not in the configuration any more");
    drop->add_option("NAME", drop_.name, "the sink's name")->required();
}

std::optional<any_command> sink_arguments::chosen() const
{
    if (!sink_->parsed())
        return std::nullopt;
    auto const name = sink_->get_subcommands().front()->get_name();
    if (name == "list")
        return list_;
    if (name == "test")
        return test_;
    if (name == "retry")
        return retry_;
    if (name == "skip")
        return skip_;
    return drop_;
}

} // namespace checkwatches::app
