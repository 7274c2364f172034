#include "engine/app/tracker_arguments.hpp"

namespace checkwatches::app {

tracker_arguments::tracker_arguments(CLI::App& into)
    : tracker_{into.add_subcommand("tracker", "the trackers")}
{
    tracker_->require_subcommand(1);
    auto* const add = tracker_->add_subcommand(
        "add", "register a tracker whose bugs' addresses say too little");
    add->add_option("--kind", add_.kind, "its kind")->required();
    add->add_option("--url", add_.url, "its address")->required();
    add->add_option(
           "--api",
           add_.api,
           "the address of its API, where it has another; file:///FOLDER is a spool of Debbugs on this "
           "machine")
        ->type_name("URL");
    add->add_option("--name", add_.name, "what to call it; by default its host");
    add->add_flag("!--no-probe", add_.probe, "without asking it");
    auto* const list = tracker_->add_subcommand("list", "the registered trackers");
    list->add_flag("--json", list_.json, "one JSON object a line");

    tracker_->add_subcommand("kinds", "the kinds of trackers: how each is recognised, and what it can do")
        ->add_flag("--json", kinds_.json, "one JSON object a line");

    auto* const attempt = tracker_->add_subcommand(
        "try", "read one bug as a description of a kind says; nothing is stored");
    attempt->add_option("FILE", try_.file, "the description")->required();
    attempt->add_option("URL", try_.url, "the bug's address")->required();
    attempt->add_option("--api", try_.api, "the address of the tracker's API, where it has another")
        ->type_name("URL");
    attempt->add_flag("--json", try_.json, "one JSON object");

    add_command("show", "everything about one tracker", show_.tracker)
        ->add_flag("--json", show_.json, "one JSON object");
    add_command("probe", "ask it what it is and can do", probe_.tracker)
        ->add_flag("--json", probe_.json, "one JSON object");
    add_command("login", "prove our credential there, and say as whom", login_.tracker)
        ->add_flag("--json", login_.json, "one JSON object");
    add_command("pause", "do not ask it until it is resumed", pause_.tracker)
        ->add_option("--note", pause_.note, "why, for whoever looks at it later");
    add_command("resume", "ask it again", resume_.tracker);
    add_command("reset", "forget its failures: what failed is due at once", reset_.tracker);
    add_command("set", "change how it is asked", set_.tracker)
        ->add_option(
            "SETTING",
            settings_,
            "KEY=VALUE, or KEY= for the configuration's; the keys: batch, lanes, connections, "
            "requests_per_second, changed_since and comments (true or false), comments_of (products)")
        ->required();
    tracker_->get_subcommand("set")->callback([this] {
        for (auto const& text : settings_) {
            auto change = parse_setting(text);
            if (!change)
                throw CLI::ValidationError("SETTING", change.error().message);
            // Where the value is wrong it is so whatever the others are.
            if (auto const fits = with_setting({}, *change); !fits)
                throw CLI::ValidationError("SETTING", fits.error().message);
            set_.settings.push_back(std::move(*change));
        }
    });
}

CLI::App* tracker_arguments::add_command(char const* name, char const* what, std::string& tracker)
{
    auto* const made = tracker_->add_subcommand(name, what);
    made->add_option("NAME", tracker, "the tracker, by its name")->required();
    return made;
}

std::optional<any_command> tracker_arguments::chosen() const
{
    if (!tracker_->parsed())
        return std::nullopt;
    auto const name = tracker_->get_subcommands().front()->get_name();
    if (name == "add")
        return add_;
    if (name == "list")
        return list_;
    if (name == "kinds")
        return kinds_;
    if (name == "try")
        return try_;
    if (name == "show")
        return show_;
    if (name == "probe")
        return probe_;
    if (name == "login")
        return login_;
    if (name == "pause")
        return pause_;
    if (name == "resume")
        return resume_;
    if (name == "reset")
        return reset_;
    return set_;
}

} // namespace checkwatches::app
