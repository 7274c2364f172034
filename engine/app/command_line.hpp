#pragma once

#include "engine/app/digest_options.hpp"
#include "engine/app/import_options.hpp"
#include "engine/app/rechecks_options.hpp"
#include "engine/app/scan_options.hpp"
#include "engine/app/tracker_options.hpp"
#include "engine/app/watchlist_options.hpp"
#include "engine/core/error.hpp"
#include "engine/core/sighting.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace checkwatches::app {

struct global_options {
    std::string database{};
    std::optional<std::string> config_file{}; // as given; nothing: the usual places
    bool verbose = false;
};

struct add_options {
    std::vector<std::string> urls{}; // "-": read from standard input, one a line, a label may follow
    std::string label{};
    std::string kind{};
    bool probe = true;
};

struct check_options {
    std::vector<std::string> trackers{};
    std::vector<std::string> urls{};
    bool force = false;
    bool json = false;
};

struct show_options {
    std::vector<std::string> urls{};
    std::optional<std::string> label{};
    std::vector<std::string> trackers{};
    std::optional<outcome> how{};
    bool why = false;
    bool json = false;
};

struct changes_options {
    std::int64_t after = 0;
    std::int64_t limit = 0; // 0: all
    bool follow = false;
    bool verify = false;
    bool json = false;
};

struct comments_options {
    std::string url{};
    bool json = false;
};

struct serve_options {
    std::vector<std::string> listen{}; // "ADDR:PORT", or only "none"; empty: the configuration's
};

struct status_options {
    bool json = false;
    std::chrono::seconds most_behind{
        std::chrono::hours{2}}; // an overdue bug that waits for longer is too late
};

struct errors_options {
    std::vector<std::string> trackers{}; // names; none: all
    bool all = false;                    // those that have ended, too
    bool json = false;
};

struct queue_options {
    std::vector<std::string> trackers{}; // names; none: all
    bool json = false;
};

struct map_test_options {
    std::string tracker{}; // name
    raw_words words{};
    bool json = false;
};
struct map_replay_options {
    std::vector<std::string> trackers{}; // names; none: all
    bool json = false;
};

struct token_add_options {
    std::string name{};
    storage::access_right right = storage::access_right::read;
    bool json = false;
};
struct token_list_options {
    bool json = false;
};
struct token_revoke_options {
    std::string name{};
};

struct sink_list_options {
    bool json = false;
};
struct sink_test_options {
    std::string name{};
};
struct sink_retry_options {
    std::string name{};
    std::optional<std::int64_t> id{}; // of the event; nothing: all of them
};
struct sink_skip_options {
    std::string name{};
};
struct sink_drop_options {
    std::string name{};
};

struct db_check_options {
    bool json = false;
};
struct db_backup_options {
    std::string file{};
    bool json = false;
};
struct db_compact_options {
    bool json = false;
};

using any_command = std::variant<
    add_options,
    check_options,
    show_options,
    changes_options,
    comments_options,
    errors_options,
    queue_options,
    rechecks_options,
    import_options,
    map_test_options,
    map_replay_options,
    serve_options,
    status_options,
    tracker_add_options,
    tracker_list_options,
    tracker_kinds_options,
    tracker_try_options,
    tracker_show_options,
    tracker_probe_options,
    tracker_login_options,
    tracker_pause_options,
    tracker_resume_options,
    tracker_reset_options,
    tracker_set_options,
    token_add_options,
    token_list_options,
    token_revoke_options,
    digest_list_options,
    digest_preview_options,
    digest_test_options,
    digest_mute_options,
    digest_unmute_options,
    digest_retry_options,
    scan_options,
    sink_list_options,
    sink_test_options,
    sink_retry_options,
    sink_skip_options,
    sink_drop_options,
    db_check_options,
    db_backup_options,
    db_compact_options,
    watchlist_check_options,
    watchlist_put_options,
    watchlist_list_options,
    watchlist_show_options>;

struct command_line {
    global_options global{};
    any_command command{};
};

// What the arguments ask for, or a text to print instead.
struct parsed {
    std::optional<command_line> line{};
    std::string text{}; // help, the version, or what is wrong with the arguments
    bool is_help =
        false; // the text was asked for: standard output, exit code 0; otherwise standard error and 2
};

// Takes the arguments of main() apart. The place of the database falls back on $XDG_STATE_HOME, then on
// $HOME/.local/state.
parsed parse_command_line(int argc, char const* const* argv);

} // namespace checkwatches::app
