#pragma once

#include "engine/core/error.hpp"
#include "storage/records.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace checkwatches::serve {

// What clients ask of the resident program, over a Unix stream socket: one request a connection, one line of
// JSON, {"v":1,"do":"check",…} and the fields of the call below; a version that is not known, a call that is
// not known and a field that is not known are errors, so that nothing is half understood. The answer is
// events, a line each (control_event.hpp).
inline constexpr int control_version = 1;
inline constexpr std::size_t most_request_line = 1 << 20; // bytes
inline constexpr std::size_t most_request_depth = 8;

// Which bugs a call is about; what is empty does not restrict.
struct wanted_bugs {
    std::vector<std::string> trackers{}; // names
    std::vector<storage::bug_id> bugs{};
    bool force = false; // not only what is due

    bool operator==(wanted_bugs const&) const = default;
};

struct check_call {
    static constexpr std::string_view name = "check";
    wanted_bugs what{};
    bool operator==(check_call const&) const = default;
};
// What a check would cost; nothing is asked.
struct cost_call {
    static constexpr std::string_view name = "cost";
    wanted_bugs what{};
    bool operator==(cost_call const&) const = default;
};
struct status_call {
    static constexpr std::string_view name = "status";
    bool operator==(status_call const&) const = default;
};
// Bugs or trackers were added to the database; or these bugs, which nobody watched, are watched again.
struct refresh_call {
    static constexpr std::string_view name = "refresh";
    std::vector<storage::bug_id> bugs{};
    bool operator==(refresh_call const&) const = default;
};
// How much the tracker's host may be asked now, and what is left of the limits that it announced.
struct limits_call {
    static constexpr std::string_view name = "limits";
    std::string tracker{}; // name
    bool operator==(limits_call const&) const = default;
};
struct probe_call {
    static constexpr std::string_view name = "probe";
    std::string tracker{}; // name
    bool operator==(probe_call const&) const = default;
};
struct pause_call {
    static constexpr std::string_view name = "pause";
    std::string tracker{};
    std::string note{};
    bool operator==(pause_call const&) const = default;
};
struct resume_call {
    static constexpr std::string_view name = "resume";
    std::string tracker{};
    bool operator==(resume_call const&) const = default;
};
struct reset_call {
    static constexpr std::string_view name = "reset";
    std::string tracker{};
    bool operator==(reset_call const&) const = default;
};
// The settings of the tracker; a field that is left out is the configuration's.
struct configure_call {
    static constexpr std::string_view name = "configure";
    std::string tracker{};
    storage::tracker_settings settings{};
    std::vector<std::string> only{}; // the names of those that are set; none: all of them
    bool operator==(configure_call const&) const = default;
};

// Watches a bug. Probes where its tracker is not known yet.
struct watch_call {
    static constexpr std::string_view name = "watch";
    std::string url{};
    std::string label{};
    std::string owner{};
    std::string kind{}; // only as this kind; empty: as what it proves to be
    bool operator==(watch_call const&) const = default;
};
struct unwatch_call {
    static constexpr std::string_view name = "unwatch";
    storage::bug_id bug{};
    std::string label{};
    std::string source{};
    bool operator==(unwatch_call const&) const = default;
};
// Says what a word of a tracker means (check/engine.hpp: set_meaning).
struct meaning_call {
    static constexpr std::string_view name = "meaning";
    std::string tracker{};
    std::string field{};
    std::string key{};
    std::string means{}; // empty: takes it back
    bool operator==(meaning_call const&) const = default;
};
// The label's upstream bug is not to be shown as fixed upstream until it changes; or (`back`) is to be again.
struct put_away_call {
    static constexpr std::string_view name = "put_away";
    storage::bug_id bug{};
    std::string label{};
    bool back = false;
    bool operator==(put_away_call const&) const = default;
};

// Sends a test to a sink, which is no event of the log.
struct sink_test_call {
    static constexpr std::string_view name = "sink_test";
    std::string sink{}; // name
    bool operator==(sink_test_call const&) const = default;
};
// Tells a sink again what was parked for it.
struct sink_retry_call {
    static constexpr std::string_view name = "sink_retry";
    std::string sink{};
    std::optional<std::int64_t> id{}; // of the event; nothing: all of them
    bool operator==(sink_retry_call const&) const = default;
};
// Parks the event that a sink does not take.
struct sink_skip_call {
    static constexpr std::string_view name = "sink_skip";
    std::string sink{};
    bool operator==(sink_skip_call const&) const = default;
};
// Forgets a sink that is not in the configuration any more.
struct sink_drop_call {
    static constexpr std::string_view name = "sink_drop";
    std::string sink{};
    bool operator==(sink_drop_call const&) const = default;
};
// Looks at the folder of watch lists now; what is held of the list `force` is held no longer. `put`: the list
// that the caller has put there, which is an act.
struct lists_call {
    static constexpr std::string_view name = "watchlists";
    std::string force{};
    std::string put{};
    bool operator==(lists_call const&) const = default;
};
// Puts a watch list, by its name, in the format "json", "toml" or "lines".
struct put_list_call {
    static constexpr std::string_view name = "put_watchlist";
    std::string list{};
    std::string format{};
    std::string text{};
    bool force = false;
    bool operator==(put_list_call const&) const = default;
};
struct drop_list_call {
    static constexpr std::string_view name = "drop_watchlist";
    std::string list{};
    bool operator==(drop_list_call const&) const = default;
};

using control_request = std::variant<
    check_call,
    cost_call,
    status_call,
    refresh_call,
    limits_call,
    probe_call,
    pause_call,
    resume_call,
    reset_call,
    configure_call,
    watch_call,
    unwatch_call,
    meaning_call,
    put_away_call,
    sink_test_call,
    sink_retry_call,
    sink_skip_call,
    sink_drop_call,
    lists_call,
    put_list_call,
    drop_list_call>;

// The request on one line, with its line end.
std::string request_line(control_request const& request);

// Reads a line, with or without its end. An error of kind usage says what is wrong and what is known.
result<control_request> read_request(std::string_view line);

} // namespace checkwatches::serve
