#include "engine/app/import_arguments.hpp"

#include "engine/core/span.hpp"

#include <algorithm>
#include <array>

namespace checkwatches::app {

import_arguments::import_arguments(CLI::App& into)
    : import_{into.add_subcommand("import", "take over the list of another program, or compare with it")}
{
    import_->require_subcommand(1);
    auto* const launchpad = import_->add_subcommand(
        "launchpad", "the bug watches of a project or distribution, by Launchpad's API");
    launchpad
        ->add_option("PROJECT", options_.what, "its name, as in the web address; also DISTRO/+source/PACKAGE")
        ->required();
    launchpad
        ->add_option("--api", options_.api, "the API's root, in place of https://api.launchpad.net/devel")
        ->type_name("URL");
    launchpad->add_flag(
        "--by-package",
        options_.by_package,
        "label watches by source package or project rather than by lp:BUG");

    auto* const bts_link = import_->add_subcommand(
        "bts-link", "the trackers and the forwarded bugs of bts-link");
    bts_link->add_option("FILE", options_.what, "its configuration (YAML): the trackers");
    bts_link
        ->add_option(
            "--forwarded",
            options_.forwarded,
            "lines of a bug's number and where it was forwarded to; -: standard input")
        ->type_name("FILE");
    bts_link
        ->add_option(
            "--usertags", options_.usertags, "what it knows of the bugs: its tags status-… and resolution-…")
        ->type_name("FILE");
    bts_link->callback([this] {
        if (options_.what.empty() && options_.forwarded.empty())
            throw CLI::ValidationError(
                "bts-link", "name its configuration, or a file by --forwarded, or both");
    });

    auto* const bugwarrior = import_->add_subcommand(
        "bugwarrior", "the trackers and bugs that bugwarrior is configured for");
    bugwarrior->add_option("FILE", options_.what, "bugwarriorrc (INI) or bugwarrior.toml; -: standard input")
        ->required();
    bugwarrior->add_option("--bugs", options_.bugs, "its bugs as CSV, as for `import csv`")
        ->type_name("FILE");

    auto* const csv = import_->add_subcommand(
        "csv", "a table with the columns url, or tracker and bug, and others");
    csv->add_option("FILE", options_.what, "the table; -: standard input")->required();

    import_->callback([this] {
        std::array const files{options_.what, options_.forwarded, options_.usertags, options_.bugs};
        if (std::ranges::count(files, "-") > 1)
            throw CLI::ValidationError("-", "standard input can be read only once");
    });
    for (auto* const format : {launchpad, bts_link, bugwarrior, csv})
        add_common(*format);
}

void import_arguments::add_common(CLI::App& to)
{
    to.add_option("--label", options_.label, "what bugs are watched for whose list does not say it");
    to.add_option("--owner", options_.owner, "… and whose they are");
    auto* const dry = to.add_flag(
        "--dry-run", options_.dry_run, "say what would be done, and ask no tracker");
    to.add_flag(
          "--shadow",
          options_.shadow,
          "compare what the list says of its bugs with what is known here; nothing is added")
        ->excludes(dry);
    to.add_option("--fresh-for", fresh_for_, "with --shadow: what they checked longer ago is stale there")
        ->default_val("7d")
        ->check([](std::string const& text) {
            return parse_span(text) ? std::string{} : "a span such as \"12h\" or \"7d\" is expected";
        })
        ->type_name("SPAN");
    to.add_flag("--json", options_.json, "one JSON object a line");
}

std::optional<any_command> import_arguments::chosen() const
{
    if (!import_->parsed())
        return std::nullopt;
    auto chosen = options_;
    auto const name = import_->get_subcommands().front()->get_name();
    chosen.from = name == "launchpad"    ? import_format::launchpad
                  : name == "bts-link"   ? import_format::bts_link
                  : name == "bugwarrior" ? import_format::bugwarrior
                                         : import_format::csv;
    if (auto const span = parse_span(fresh_for_))
        chosen.fresh_for = *span;
    return chosen;
}

} // namespace checkwatches::app
