#pragma once

#include "engine/core/capabilities.hpp"
#include "engine/core/sighting.hpp"
#include "engine/core/url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::storage {

enum class tracker_id : std::int64_t {};

// A bug's row: the tracker in the upper 32 bits, a running number of the tracker's bugs in the lower 32, so
// that the rows of one tracker lie together in the file (what one pass writes are neighbours).
enum class bug_id : std::int64_t {};

constexpr bug_id make_bug_id(tracker_id of, std::int64_t number)
{
    return static_cast<bug_id>((static_cast<std::int64_t>(of) << 32) | number);
}
constexpr tracker_id tracker_of(bug_id id)
{
    return static_cast<tracker_id>(static_cast<std::int64_t>(id) >> 32);
}

struct tracker {
    tracker_id id{};
    std::string kind{};
    std::string name{};     // unique, for people: "bugs.example.org"
    std::string base_url{}; // unique, as web_url::text() writes it
    std::optional<std::string> api_url{};
    utc_time created_at{};
};

// Checks of a bug in a row that ended alike: the same outcome for the same reason. A bug's history is kept as
// runs, so that the bounded room for it holds months, and a check that ends like the one before writes
// nothing but the bug's row.
struct check_run {
    utc_time first{};
    utc_time last{};
    outcome how{};
    std::string detail{};
    std::int64_t times = 0;
};

// What is known of a bug, as its row holds it.
struct bug_state {
    bug_id id{};
    std::string remote_id{};

    std::optional<status> state{};      // the last good verdict
    std::optional<importance> weight{}; // the last good verdict
    raw_words words{};                  // of the last sighting
    std::string title{};
    std::string duplicate_of{};
    std::optional<utc_time> modified_at{}; // as the tracker says
    std::size_t replaced = 0;              // characters of the last sighting that could not be decoded

    std::optional<outcome> last_outcome{}; // nothing: never checked
    std::string error{};                   // what the last check failed with; empty where it did not
    std::optional<utc_time> checked_at{};  // the last check, however it ended
    std::optional<utc_time> seen_at{};     // the last success
    std::optional<utc_time>
        changed_at{}; // the last recorded change; at first sight the tracker's own modified_at, if any
    utc_time next_check{};
    std::int64_t failures = 0; // in a row

    // The run that the last check belongs to: checks in a row that ended alike. (Its outcome, detail and end
    // stand above.)
    std::optional<utc_time> run_began{};
    std::int64_t run_checks = 0;
    std::int64_t runs_ended = 0; // before this one
};

// A recorded difference. `field` is "status", "importance", "title" or "duplicate_of"; what was not known is
// nothing.
struct change {
    std::int64_t id{}; // gap-free, given by the store
    utc_time at{};
    bug_id bug{};
    std::string field{};
    std::optional<std::string> before{};
    std::optional<std::string> after{};
    std::optional<std::string> remote_before{};
    std::optional<std::string> remote_after{};
};

// One check of one bug, settled: what its row becomes and what that changed.
struct settled_bug {
    bug_state after{};
    std::vector<change> changes{}; // without ids
    std::vector<unmapped_word> unmapped{};
    std::optional<check_run> ended{}; // the run that this check ended, for the bug's history
    // Whether more than the check's own columns (outcome to runs_ended, but changed_at) differs from the
    // stored row. False spares most of the write.
    bool facts_changed = true;
};

// What one batch brought: applied as one unit.
struct report {
    tracker_id from{};
    utc_time at{};
    std::vector<settled_bug> bugs{};
};

struct watch {
    std::string label{};  // a package, a local bug; may be empty
    std::string source{}; // "typed", "file:…", "scan:…"
    std::string owner{};
};

// A bug as it is shown: its row, its tracker, its labels.
struct shown_bug {
    bug_state bug{};
    std::string tracker{}; // name
    std::string kind{};
    std::string base_url{};
    std::vector<std::string> labels{};
};

// A change as it is shown.
struct shown_change {
    change what{};
    std::string tracker{};
    std::string kind{};
    std::string base_url{};
    std::string remote_id{};
};

struct unmapped_entry {
    std::string tracker{};
    unmapped_word what{};
    std::int64_t times{};
    utc_time first_seen{};
    utc_time last_seen{};
};

struct stored_capabilities {
    capabilities can{};
    utc_time probed_at{};
    utc_time expires_at{};
};

} // namespace checkwatches::storage
