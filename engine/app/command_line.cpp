#include "engine/app/command_line.hpp"

#include "engine/app/config.hpp"
#include "engine/app/db_arguments.hpp"
#include "engine/app/digest_arguments.hpp"
#include "engine/app/import_arguments.hpp"
#include "engine/app/map_arguments.hpp"
#include "engine/app/rechecks_arguments.hpp"
#include "engine/app/scan_arguments.hpp"
#include "engine/app/sink_arguments.hpp"
#include "engine/app/token_arguments.hpp"
#include "engine/app/tracker_arguments.hpp"
#include "engine/app/watchlist_arguments.hpp"
#include "engine/core/span.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>

namespace checkwatches::app {
namespace {

std::string default_database()
{
    auto const* const state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state != '\0')
        return std::string{state} + "/checkwatches/checkwatches.db";
    auto const* const home = std::getenv("HOME");
    return std::string{home == nullptr ? "." : home} + "/.local/state/checkwatches/checkwatches.db";
}

// Holds what the parser fills in, and builds it.
class parser {
public:
    parser()
    {
        app_.require_subcommand(1);
        app_.set_version_flag("--version", "checkwatches " CHECKWATCHES_VERSION);
        app_.add_option("--db", global_.database, "the database")
            ->default_val(default_database())
            ->type_name("FILE");
        app_.add_option("--config", global_.config_file, "configuration (TOML)")->type_name("FILE");
        app_.add_flag("--verbose", global_.verbose, "say more about what happens");
        app_.fallthrough(); // global options may stand behind the command too
        add_add();
        add_check();
        add_show();
        add_changes();
        add_comments();
        add_errors();
        add_queue();
        rechecks_.emplace(app_);
        add_serve();
        add_status();
        import_.emplace(app_);
        tracker_.emplace(app_);
        map_.emplace(app_);
        token_.emplace(app_);
        digest_.emplace(app_);
        watchlist_.emplace(app_);
        scan_.emplace(app_);
        sink_.emplace(app_);
        db_.emplace(app_);
    }

    parsed parse(int argc, char const* const* argv)
    {
        try {
            app_.parse(argc, argv);
        }
        catch (CLI::CallForHelp const&) {
            return {.text = help_of_chosen(), .is_help = true};
        }
        catch (CLI::CallForVersion const& version) {
            return {.text = std::string{version.what()} + "\n", .is_help = true};
        }
        catch (CLI::ParseError const& wrong) {
            return {.text = complaint(wrong)};
        }
        return {.line = command_line{.global = global_, .command = chosen()}};
    }

private:
    void add_add()
    {
        add_ = app_.add_subcommand("add", "watch bugs");
        add_->add_option(
                "URL",
                add_options_.urls,
                "the bugs' addresses; - reads them from standard input, one a line, "
                "a label may follow")
            ->required();
        add_->add_option("--label", add_options_.label, "what they are watched for: a package, a local bug");
        add_->add_option("--kind", add_options_.kind, "the trackers' kind, where the address does not tell");
        add_->add_flag("!--no-probe", add_options_.probe, "register new trackers without asking them");
    }

    void add_check()
    {
        check_ = app_.add_subcommand("check", "one pass over what is due");
        check_->add_option("--tracker", check_options_.trackers, "only this tracker (its name)")
            ->type_name("NAME");
        check_->add_option("--url", check_options_.urls, "only this bug")->type_name("URL");
        check_->add_flag("--force", check_options_.force, "check what is not due yet, too");
        check_->add_flag("--json", check_options_.json, "one JSON object a line");
    }

    void add_show()
    {
        show_ = app_.add_subcommand("show", "what is known of the bugs");
        show_->add_option("URL", show_options_.urls, "only these bugs");
        show_->add_option("--label", show_options_.label, "only what is watched for this");
        show_->add_option("--tracker", show_options_.trackers, "only this tracker (its name)")
            ->type_name("NAME");
        show_->add_option("--outcome", outcome_, "only bugs whose last check ended so")->type_name("WORD");
        show_->add_flag(
            "--why", show_options_.why, "why each bug is asked next when it is, with all that decides it");
        show_->add_flag("--json", show_options_.json, "one JSON object a line");
        show_->callback([this] {
            if (outcome_.empty())
                return;
            show_options_.how = parse_outcome(outcome_);
            if (!show_options_.how)
                throw CLI::ValidationError(
                    "--outcome", fmt::format("\"{}\" is no outcome; {}", outcome_, outcomes()));
        });
    }

    void add_changes()
    {
        changes_ = app_.add_subcommand("changes", "what changed, in order");
        auto* const after = changes_
                                ->add_option(
                                    "--after", changes_options_.after, "only changes with a greater id")
                                ->check(CLI::NonNegativeNumber)
                                ->type_name("ID");
        auto* const limit = changes_->add_option("--limit", changes_options_.limit, "at most so many")
                                ->check(CLI::PositiveNumber);
        auto* const follow = changes_->add_flag(
            "--follow", changes_options_.follow, "go on as changes come, until interrupted");
        changes_
            ->add_flag(
                "--verify",
                changes_options_.verify,
                "prove that no change was rewritten, taken out or put in")
            ->excludes(follow)
            ->excludes(after)
            ->excludes(limit);
        changes_->add_flag("--json", changes_options_.json, "one JSON object a line");
    }

    void add_comments()
    {
        comments_ = app_.add_subcommand(
            "comments", "what was written about a bug, as far as it was imported");
        comments_->add_option("URL", comments_options_.url, "the bug's address")->required();
        comments_->add_flag("--json", comments_options_.json, "one JSON object a line");
    }

    void add_serve()
    {
        serve_ = app_.add_subcommand("serve", "stay resident and check what falls due");
        serve_
            ->add_option(
                "--listen",
                serve_options_.listen,
                "where pages and API are, in place of the configuration's; \"none\": nowhere")
            ->type_name("ADDR:PORT");
    }

    void add_status()
    {
        status_ = app_.add_subcommand(
            "status", "whether the watching goes on: exit 0 alive, 1 behind, 2 not running");
        status_->add_flag("--json", status_options_.json, "one JSON object");
        status_->add_option("--fail-behind", behind_, "behind is where an overdue bug waits for longer")
            ->default_val("2h")
            ->type_name("SPAN");
        status_->callback([this] {
            auto const span = parse_span(behind_);
            if (!span)
                throw CLI::ValidationError("--fail-behind", "a span such as \"30m\" or \"2h\" is expected");
            status_options_.most_behind = *span;
        });
    }

    void add_errors()
    {
        errors_ = app_.add_subcommand("errors", "how checks fail, what most bugs have first");
        errors_->add_option("--tracker", errors_options_.trackers, "only this tracker (its name)")
            ->type_name("NAME");
        errors_->add_flag("--all", errors_options_.all, "what has ended, too");
        errors_->add_flag("--json", errors_options_.json, "one JSON object a line");
    }

    void add_queue()
    {
        queue_ = app_.add_subcommand(
            "queue", "words of trackers that nobody knows the meaning of, most seen first");
        queue_->add_option("--tracker", queue_options_.trackers, "only this tracker (its name)")
            ->type_name("NAME");
        queue_->add_flag("--json", queue_options_.json, "one JSON object a line");
    }

    any_command chosen() const
    {
        if (add_->parsed())
            return add_options_;
        if (check_->parsed())
            return check_options_;
        if (show_->parsed())
            return show_options_;
        if (changes_->parsed())
            return changes_options_;
        if (comments_->parsed())
            return comments_options_;
        if (serve_->parsed())
            return serve_options_;
        if (status_->parsed())
            return status_options_;
        if (errors_->parsed())
            return errors_options_;
        if (queue_->parsed())
            return queue_options_;
        if (auto const command = rechecks_->chosen())
            return *command;
        if (auto const command = import_->chosen())
            return *command;
        if (auto const command = map_->chosen())
            return *command;
        if (auto const command = tracker_->chosen())
            return *command;
        if (auto const command = token_->chosen())
            return *command;
        if (auto const command = digest_->chosen())
            return *command;
        if (auto const command = watchlist_->chosen())
            return *command;
        if (auto const command = scan_->chosen())
            return *command;
        if (auto const command = sink_->chosen())
            return *command;
        return *db_->chosen();
    }

    // Help for the command that was asked for, innermost first.
    std::string help_of_chosen() const
    {
        CLI::App const* at = &app_;
        while (!at->get_subcommands().empty())
            at = at->get_subcommands().front();
        return at->help();
    }

    std::string complaint(CLI::ParseError const& wrong) const
    {
        std::string text = wrong.what();
        auto const words = app_.remaining();
        bool const none_chosen = app_.get_subcommands().empty();
        if (none_chosen && !words.empty() && !words.front().starts_with('-'))
            text = fmt::format("there is no command \"{}\"; the commands are {}", words.front(), commands());
        return fmt::format("checkwatches: {}\nTry checkwatches --help.\n", text);
    }

    std::string commands() const
    {
        std::string out;
        for (auto const* const command : app_.get_subcommands([](CLI::App const*) { return true; }))
            out += (out.empty() ? "" : ", ") + command->get_name();
        return out;
    }

    static std::string outcomes()
    {
        std::string out = "known are";
        for (auto const o : all_outcomes)
            out += " " + std::string{word(o)};
        return out;
    }

    CLI::App app_{"Watches bugs in other people's trackers.", "checkwatches"};
    global_options global_;
    add_options add_options_;
    check_options check_options_;
    show_options show_options_;
    std::string outcome_;
    changes_options changes_options_;
    comments_options comments_options_;
    errors_options errors_options_;
    queue_options queue_options_;
    serve_options serve_options_;
    status_options status_options_;
    std::string behind_;
    CLI::App* add_ = nullptr;
    CLI::App* check_ = nullptr;
    CLI::App* show_ = nullptr;
    CLI::App* changes_ = nullptr;
    CLI::App* comments_ = nullptr;
    CLI::App* errors_ = nullptr;
    CLI::App* queue_ = nullptr;
    CLI::App* serve_ = nullptr;
    CLI::App* status_ = nullptr;
    std::optional<import_arguments> import_;
    std::optional<tracker_arguments> tracker_;
    std::optional<rechecks_arguments> rechecks_;
    std::optional<map_arguments> map_;
    std::optional<token_arguments> token_;
    std::optional<digest_arguments> digest_;
    std::optional<watchlist_arguments> watchlist_;
    std::optional<scan_arguments> scan_;
    std::optional<sink_arguments> sink_;
    std::optional<db_arguments> db_;
};

} // namespace

parsed parse_command_line(int argc, char const* const* argv)
{
    return parser{}.parse(argc, argv);
}

} // namespace checkwatches::app
