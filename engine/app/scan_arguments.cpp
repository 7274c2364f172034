#include "engine/app/scan_arguments.hpp"

#include <map>

namespace checkwatches::app {
namespace {

constexpr std::size_t most_jobs = 64;

// A day, or a day with a time.
std::optional<utc_time> read_since(std::string const& text)
{
    if (auto const day = parse_time(text + "T00:00:00Z"))
        return day;
    return parse_time(text, naive_time::is_utc);
}

} // namespace

scan_arguments::scan_arguments(CLI::App& into)
    : scan_{into.add_subcommand("scan", "find the bug links that stand in packages and sources")}
{
    std::map<std::string, scan_format> const formats{
        {"json", scan_format::watch_list}, {"lines", scan_format::lines}};
    scan_->add_option("PATH", options_.paths, "files, packages, or folders with packages anywhere below them")
        ->required();
    scan_->add_option("--label", options_.label, "what they are found for, in place of each package's name");
    scan_->add_option("--owner", options_.owner, "whose they are");
    scan_->add_flag(
        "--watch",
        options_.watch,
        "watch them, and no longer what an earlier scan of the same label found and this one does not");
    scan_
        ->add_option(
            "--format", options_.format, "json: a watch list; lines: each place with its file and line")
        ->transform(CLI::Transformer(formats))
        ->type_name("WORD");
    scan_->add_flag("--git", options_.git, "trailers of commits, too");
    scan_->add_option("--since", since_, "… of that day or later (with --git)")->type_name("DATE");
    scan_
        ->add_option(
            "--jobs", options_.jobs, "how many files to read at a time; as many as there are processors")
        ->check(CLI::Range(std::size_t{1}, most_jobs))
        ->type_name("N");
    scan_->add_flag("--json", options_.json, "one JSON object a line");
    scan_->callback([this] {
        if (options_.json)
            options_.format = scan_format::objects;
        if (since_.empty())
            return;
        options_.since = read_since(since_);
        options_.git = true;
        if (!options_.since)
            throw CLI::ValidationError(
                "--since",
                "a day such as \"2026-01-31\" is expected, or a time such as \"2026-01-31T12:00:00Z\"");
    });
}

std::optional<any_command> scan_arguments::chosen() const
{
    if (!scan_->parsed())
        return std::nullopt;
    return options_;
}

} // namespace checkwatches::app
