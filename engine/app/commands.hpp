#pragma once

#include "engine/app/command_line.hpp"
#include "engine/app/config.hpp"

namespace checkwatches::app {

// What a command's exit code says.
enum class exit_code {
    done = 0,
    some_failed = 1,   // done, but some checks or some of what was given failed; they are named
    usage = 2,         // the command line or the configuration is wrong; nothing was done
    could_not_run = 3, // the database or the machine did not allow it
};

// Says on standard error what ended a command, and gives its exit code.
exit_code fail(error const& e);

// The commands. Each prints its result to standard output and what went wrong to standard error.
exit_code run_add(global_options const& global, config const& conf, add_options const& options);
exit_code run_check(global_options const& global, config const& conf, check_options const& options);
exit_code run_show(global_options const& global, config const& conf, show_options const& options);
exit_code run_changes(global_options const& global, config const& conf, changes_options const& options);
exit_code run_comments(global_options const& global, config const& conf, comments_options const& options);
exit_code run_errors(global_options const& global, config const& conf, errors_options const& options);
exit_code run_queue(global_options const& global, config const& conf, queue_options const& options);
exit_code run_rechecks(global_options const& global, config const& conf, rechecks_options const& options);
exit_code run_import(global_options const& global, config const& conf, import_options const& options);
exit_code run_map_test(global_options const& global, config const& conf, map_test_options const& options);
exit_code run_map_replay(global_options const& global, config const& conf, map_replay_options const& options);
exit_code run_serve(global_options const& global, config const& conf, serve_options const& options);
exit_code run_status(global_options const& global, config const& conf, status_options const& options);

exit_code
run_tracker_add(global_options const& global, config const& conf, tracker_add_options const& options);
exit_code
run_tracker_list(global_options const& global, config const& conf, tracker_list_options const& options);
exit_code
run_tracker_kinds(global_options const& global, config const& conf, tracker_kinds_options const& options);
exit_code
run_tracker_try(global_options const& global, config const& conf, tracker_try_options const& options);
exit_code
run_tracker_show(global_options const& global, config const& conf, tracker_show_options const& options);
exit_code
run_tracker_probe(global_options const& global, config const& conf, tracker_probe_options const& options);
exit_code
run_tracker_login(global_options const& global, config const& conf, tracker_login_options const& options);
exit_code
run_tracker_pause(global_options const& global, config const& conf, tracker_pause_options const& options);
exit_code
run_tracker_resume(global_options const& global, config const& conf, tracker_resume_options const& options);
exit_code
run_tracker_reset(global_options const& global, config const& conf, tracker_reset_options const& options);
exit_code
run_tracker_set(global_options const& global, config const& conf, tracker_set_options const& options);

exit_code run_token_add(global_options const& global, config const& conf, token_add_options const& options);
exit_code run_token_list(global_options const& global, config const& conf, token_list_options const& options);
exit_code
run_token_revoke(global_options const& global, config const& conf, token_revoke_options const& options);

exit_code
run_digest_list(global_options const& global, config const& conf, digest_list_options const& options);
exit_code
run_digest_preview(global_options const& global, config const& conf, digest_preview_options const& options);
exit_code
run_digest_test(global_options const& global, config const& conf, digest_test_options const& options);
exit_code
run_digest_mute(global_options const& global, config const& conf, digest_mute_options const& options);
exit_code
run_digest_unmute(global_options const& global, config const& conf, digest_unmute_options const& options);
exit_code
run_digest_retry(global_options const& global, config const& conf, digest_retry_options const& options);
exit_code run_scan(global_options const& global, config const& conf, scan_options const& options);

exit_code run_sink_list(global_options const& global, config const& conf, sink_list_options const& options);
exit_code run_sink_test(global_options const& global, config const& conf, sink_test_options const& options);
exit_code run_sink_retry(global_options const& global, config const& conf, sink_retry_options const& options);
exit_code run_sink_skip(global_options const& global, config const& conf, sink_skip_options const& options);
exit_code run_sink_drop(global_options const& global, config const& conf, sink_drop_options const& options);
exit_code run_db_check(global_options const& global, config const& conf, db_check_options const& options);
exit_code run_db_backup(global_options const& global, config const& conf, db_backup_options const& options);
exit_code run_db_compact(global_options const& global, config const& conf, db_compact_options const& options);

exit_code
run_watchlist_check(global_options const& global, config const& conf, watchlist_check_options const& options);
exit_code
run_watchlist_put(global_options const& global, config const& conf, watchlist_put_options const& options);
exit_code
run_watchlist_list(global_options const& global, config const& conf, watchlist_list_options const& options);
exit_code
run_watchlist_show(global_options const& global, config const& conf, watchlist_show_options const& options);

} // namespace checkwatches::app
