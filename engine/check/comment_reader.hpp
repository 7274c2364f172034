#pragma once

#include "adapters/adapter.hpp"
#include "engine/core/clock.hpp"
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace checkwatches::check {

// A bug that was just seen, as far as the reading of its comments goes.
struct commented_bug {
    storage::bug_id id{};
    std::string remote_id{};
    std::optional<utc_time> modified_at{}; // as the tracker says
    bool is_whole = false;                 // its record was read, and not only called unmodified
};

// Whether what was written about the bug is to be read: it never was, the last attempt did not bring all, or
// the bug changed since. Where the tracker does not tell when that was, it may have. Pure.
bool wants_reading(commented_bug const& bug, std::optional<storage::comment_mark> const& mark);

// Whether these settings want the comments of bugs of this product. Pure.
bool wants_comments(storage::tracker_settings const& set, std::string_view product);

// Reads what was written about the bugs of one tracker, in one run; of each what is new since it was last
// read. A failure is counted, and the bug's turn comes again with its next check. Three failures in a row, or
// one that speaks of the tracker, end the reading for this run.
class comment_reader {
public:
    // What it works with; all of it outlives the reader.
    struct parts {
        storage::writer& into;
        storage::background_reader& from;
        clock const& time;
        adapters::adapter const& kind;
        adapters::remote& at;
        // Called where the way to the tracker failed; true: the failure is ours, and not counted.
        std::function<awaitable<bool>()> is_ours;
        std::function<void()> on_read; // after each bug, however it went
    };

    // At most `most` bugs are asked about in this run.
    comment_reader(parts with, storage::tracker_settings const& set, std::size_t most);

    // Notes those of these bugs whose comments are wanted, and that were seen.
    void note(std::span<storage::settled_bug const> bugs);
    // Reads the comments of the bugs noted, where that is due, while `go_on` says so. An error of kind
    // storage: the database failed; of kind rate_limited: the tracker wants to be left alone.
    awaitable<std::optional<error>> read(capabilities const& can, std::function<bool()> go_on);

private:
    awaitable<std::optional<error>> read_one(
        capabilities const& can, commented_bug const& bug, std::optional<storage::comment_mark> const& mark);
    awaitable<bool> book_failure(error const& why);

    parts with_;
    storage::tracker_settings set_;
    std::size_t left_;
    std::size_t failures_in_row_ = 0;
    bool is_over_ = false;
    std::vector<commented_bug> noted_;
};

} // namespace checkwatches::check
