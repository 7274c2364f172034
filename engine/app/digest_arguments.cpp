#include "engine/app/digest_arguments.hpp"

namespace checkwatches::app {

digest_arguments::digest_arguments(CLI::App& into)
    : digest_{into.add_subcommand("digest", "what people are told by mail")}
{
    digest_->require_subcommand(1);
    auto const add = [&](char const* name, char const* what, std::string& digest) {
        auto* const command = digest_->add_subcommand(name, what);
        command->add_option("NAME", digest, "the digest, as the configuration names it")->required();
        return command;
    };
    auto* const list = digest_->add_subcommand("list", "the digests, and how each fares");
    list->add_flag("--json", list_.json, "one JSON object a line");
    auto* const preview = add("preview", "print what would be sent if all had settled now", preview_.name);
    preview->add_flag("--json", preview_.json, "one JSON object a line");
    add("test", "send a test message to the digest's recipients", test_.name);
    auto* const mute = add("mute", "what happens until then is not told, then or later", mute_.name);
    mute->add_option("--until", mute_.until, "a time such as 2026-11-22T08:00:00Z, or a span such as 8h")
        ->required()
        ->type_name("TIME");
    add("unmute", "what happens from now on is told again", unmute_.name);
    add("retry", "letters that were parked are tried again", retry_.name);
}

std::optional<any_command> digest_arguments::chosen() const
{
    if (!digest_->parsed())
        return std::nullopt;
    auto const name = digest_->get_subcommands().front()->get_name();
    if (name == "list")
        return list_;
    if (name == "preview")
        return preview_;
    if (name == "test")
        return test_;
    if (name == "mute")
        return mute_;
    if (name == "unmute")
        return unmute_;
    return retry_;
}

} // namespace checkwatches::app
