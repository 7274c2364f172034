#include "engine/app/commands.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>

namespace {

using namespace checkwatches;
using namespace checkwatches::app;

struct dispatch {
    global_options const& global;
    config const& conf;

    exit_code operator()(add_options const& o) const { return run_add(global, conf, o); }
    exit_code operator()(check_options const& o) const { return run_check(global, conf, o); }
    exit_code operator()(show_options const& o) const { return run_show(global, conf, o); }
    exit_code operator()(changes_options const& o) const { return run_changes(global, conf, o); }
    exit_code operator()(comments_options const& o) const { return run_comments(global, conf, o); }
    exit_code operator()(errors_options const& o) const { return run_errors(global, conf, o); }
    exit_code operator()(queue_options const& o) const { return run_queue(global, conf, o); }
    exit_code operator()(rechecks_options const& o) const { return run_rechecks(global, conf, o); }
    exit_code operator()(import_options const& o) const { return run_import(global, conf, o); }
    exit_code operator()(map_test_options const& o) const { return run_map_test(global, conf, o); }
    exit_code operator()(map_replay_options const& o) const { return run_map_replay(global, conf, o); }
    exit_code operator()(serve_options const& o) const { return run_serve(global, conf, o); }
    exit_code operator()(status_options const& o) const { return run_status(global, conf, o); }
    exit_code operator()(tracker_add_options const& o) const { return run_tracker_add(global, conf, o); }
    exit_code operator()(tracker_list_options const& o) const { return run_tracker_list(global, conf, o); }
    exit_code operator()(tracker_kinds_options const& o) const { return run_tracker_kinds(global, conf, o); }
    exit_code operator()(tracker_try_options const& o) const { return run_tracker_try(global, conf, o); }
    exit_code operator()(tracker_show_options const& o) const { return run_tracker_show(global, conf, o); }
    exit_code operator()(tracker_probe_options const& o) const { return run_tracker_probe(global, conf, o); }
    exit_code operator()(tracker_login_options const& o) const { return run_tracker_login(global, conf, o); }
    exit_code operator()(tracker_pause_options const& o) const { return run_tracker_pause(global, conf, o); }
    exit_code operator()(tracker_resume_options const& o) const
    {
        return run_tracker_resume(global, conf, o);
    }
    exit_code operator()(tracker_reset_options const& o) const { return run_tracker_reset(global, conf, o); }
    exit_code operator()(tracker_set_options const& o) const { return run_tracker_set(global, conf, o); }
    exit_code operator()(digest_list_options const& o) const { return run_digest_list(global, conf, o); }
    exit_code operator()(digest_preview_options const& o) const
    {
        return run_digest_preview(global, conf, o);
    }
    exit_code operator()(digest_test_options const& o) const { return run_digest_test(global, conf, o); }
    exit_code operator()(digest_mute_options const& o) const { return run_digest_mute(global, conf, o); }
    exit_code operator()(digest_unmute_options const& o) const { return run_digest_unmute(global, conf, o); }
    exit_code operator()(digest_retry_options const& o) const { return run_digest_retry(global, conf, o); }
    exit_code operator()(token_add_options const& o) const { return run_token_add(global, conf, o); }
    exit_code operator()(token_list_options const& o) const { return run_token_list(global, conf, o); }
    exit_code operator()(token_revoke_options const& o) const { return run_token_revoke(global, conf, o); }
    exit_code operator()(scan_options const& o) const { return run_scan(global, conf, o); }
    exit_code operator()(sink_list_options const& o) const { return run_sink_list(global, conf, o); }
    exit_code operator()(sink_test_options const& o) const { return run_sink_test(global, conf, o); }
    exit_code operator()(sink_retry_options const& o) const { return run_sink_retry(global, conf, o); }
    exit_code operator()(sink_skip_options const& o) const { return run_sink_skip(global, conf, o); }
    exit_code operator()(sink_drop_options const& o) const { return run_sink_drop(global, conf, o); }
    exit_code operator()(db_check_options const& o) const { return run_db_check(global, conf, o); }
    exit_code operator()(db_backup_options const& o) const { return run_db_backup(global, conf, o); }
    exit_code operator()(db_compact_options const& o) const { return run_db_compact(global, conf, o); }
    exit_code operator()(watchlist_check_options const& o) const
    {
        return run_watchlist_check(global, conf, o);
    }
    exit_code operator()(watchlist_put_options const& o) const { return run_watchlist_put(global, conf, o); }
    exit_code operator()(watchlist_list_options const& o) const
    {
        return run_watchlist_list(global, conf, o);
    }
    exit_code operator()(watchlist_show_options const& o) const
    {
        return run_watchlist_show(global, conf, o);
    }
};

exit_code run(int argc, char const* const* argv)
{
    auto const arguments = parse_command_line(argc, argv);
    if (!arguments.line) {
        fmt::print(arguments.is_help ? stdout : stderr, "{}", arguments.text);
        return arguments.is_help ? exit_code::done : exit_code::usage;
    }
    auto const& line = *arguments.line;
    auto const conf = load_config(line.global.config_file);
    if (!conf)
        return fail(conf.error());
    return std::visit(dispatch{line.global, *conf}, line.command);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(
        SIGPIPE, SIG_IGN); // a closed pipe or socket is an error of the write, not the end of the program
    try {
        return static_cast<int>(run(argc, argv));
    }
    catch (std::exception const& e) {
        fmt::print(stderr, "checkwatches: {}\n", e.what());
        return static_cast<int>(exit_code::could_not_run);
    }
}
