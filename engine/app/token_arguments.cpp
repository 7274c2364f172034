#include "engine/app/token_arguments.hpp"

#include <map>

namespace checkwatches::app {

token_arguments::token_arguments(CLI::App& into)
    : token_{into.add_subcommand("token", "who may do what over HTTP")}
{
    std::map<std::string, storage::access_right> const rights{
        {"read", storage::access_right::read}, {"operate", storage::access_right::operate}};
    token_->require_subcommand(1);
    auto* const add = token_->add_subcommand("add", "make a token; it is shown this once");
    add->add_option("NAME", add_.name, "whose it is, as the log has it")->required();
    add->add_option("--right", add_.right, "read, or operate: to change things, too; read by default")
        ->transform(CLI::Transformer(rights))
        ->type_name("WORD");
    add->add_flag("--json", add_.json, "one JSON object");
    auto* const list = token_->add_subcommand("list", "the tokens there are, by name");
    list->add_flag("--json", list_.json, "one JSON object a line");
    auto* const revoke = token_->add_subcommand("revoke", "a token is worth nothing any more");
    revoke->add_option("NAME", revoke_.name, "whose it is")->required();
}

std::optional<any_command> token_arguments::chosen() const
{
    if (!token_->parsed())
        return std::nullopt;
    auto const name = token_->get_subcommands().front()->get_name();
    if (name == "add")
        return add_;
    if (name == "list")
        return list_;
    return revoke_;
}

} // namespace checkwatches::app
