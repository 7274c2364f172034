#include "engine/app/watchlist_arguments.hpp"

namespace checkwatches::app {

watchlist_arguments::watchlist_arguments(CLI::App& into)
    : watchlist_{into.add_subcommand(
          "watchlist",
          "lists of bugs to watch, as files. They are on where there are any; \"enabled = false\" in a list, "
          "or its "
          "name in \"off\" of [watchlists] in the configuration, turns one off")}
{
    watchlist_->require_subcommand(1);
    auto* const check = watchlist_->add_subcommand(
        "check", "what is wrong in lists; exit 1 where anything is");
    check->add_option("PATH", check_.paths, "folders of lists, or files")->required();
    check->add_flag("--json", check_.json, "one JSON object a line");
    auto* const put = watchlist_->add_subcommand(
        "put",
        "put a list into the folder, in place of the one of this name. It is on; \"enabled = false\" in it "
        "turns it "
        "off");
    put->add_option("NAME", put_.name, "the list's name")->required();
    put->add_option("FILE", put_.file, "the list; - reads it from standard input")->required();
    put->add_option("--format", put_.format, "json, toml or lines; by the file's ending otherwise")
        ->check(CLI::IsMember({"json", "toml", "lines"}))
        ->type_name("WORD");
    put->add_flag("--force", put_.force, "at once, however many watches it takes away");
    put->add_flag("--json", put_.json, "one JSON object");
    auto* const list = watchlist_->add_subcommand("list", "the lists there are, by name");
    list->add_flag("--json", list_.json, "one JSON object a line");
    auto* const show = watchlist_->add_subcommand("show", "the entries of a list, and what became of each");
    show->add_option("NAME", show_.name, "the list's name")->required();
    show->add_flag("--troubled", show_.troubled, "only what waits or is bad");
    show->add_flag("--json", show_.json, "one JSON object a line");
}

std::optional<any_command> watchlist_arguments::chosen() const
{
    if (!watchlist_->parsed())
        return std::nullopt;
    auto const name = watchlist_->get_subcommands().front()->get_name();
    if (name == "check")
        return check_;
    if (name == "put")
        return put_;
    if (name == "list")
        return list_;
    return show_;
}

} // namespace checkwatches::app
