#pragma once

#include "storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace checkwatches::storage {

// Which part of a list to read, for pages that are turned. Every list has an order that does not change while
// it is read, and is continued behind a row by that row's key.

// Bugs in the order of their ids; what is empty does not restrict.
struct bug_list {
    std::optional<tracker_id> of{};
    std::optional<std::string> label{};
    std::optional<std::string> owner{};
    std::optional<std::string> source{};
    std::optional<std::int64_t> signature{}; // the error that their last check ended with
    std::optional<outcome> how{};            // … or what it ended in
    bool failing = false;                    // … which is a failure
    bool unchecked = false;                  // never checked, and to be
    std::optional<bug_id> after{};
};

// A watch with its bug.
struct shown_watch {
    watch what{};
    utc_time created_at{};
    shown_bug on{};
};

// Watches in the order of bug, label and source; what is empty does not restrict.
struct watch_key {
    bug_id bug{};
    std::string label{};
    std::string source{};
};
struct watch_list {
    std::optional<tracker_id> of{};
    std::optional<std::string> label{};
    std::optional<std::string> owner{};
    std::optional<std::string> source{};
    std::optional<watch_key> after{};
};

// By what watches are grouped, and one group of them.
enum class watch_field { label, owner, source };
struct watch_group {
    std::string value{};
    std::int64_t watches{};
};

// Entries of the log, newest first.
struct change_list {
    std::optional<tracker_id> of{};
    std::optional<bug_id> bug{};
    std::optional<std::int64_t> before{}; // ids below this one
    bool statuses = false;                // only a bug's changes from one status to another
};

// Signatures, most bugs first.
struct signature_list {
    std::optional<tracker_id> of{};
    bool with_ended = false;
};

// Runs at trackers, newest first.
struct pass_list {
    std::optional<tracker_id> of{};
    std::optional<std::int64_t> before{}; // ids below this one
};

// A label whose upstream bug is resolved, and that nobody has put away since.
struct fixed_upstream {
    std::string label{};
    shown_bug bug{};
    std::optional<utc_time> since{}; // when its status became that; nothing: it was so when it was first seen
};
// Newest first: by `since` (1970 where there is none), then bug and label.
struct fixed_key {
    utc_time since{};
    bug_id bug{};
    std::string label{};
};
// How a bug was resolved: as a duplicate, whatever its status, or else by its status.
enum class fixed_kind { fixed, wont_fix, invalid, duplicate };
struct fixed_list {
    std::optional<fixed_kind> kind{};
    std::optional<std::string> label{};
    std::optional<std::string> owner{};
    std::optional<fixed_key> after{};
};

} // namespace checkwatches::storage
