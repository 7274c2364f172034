#pragma once

#include "engine/serve/events/event_id.hpp"
#include "storage/records.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

inline constexpr std::string_view change_event = "change";
inline constexpr std::string_view check_event = "check";
inline constexpr std::string_view pass_began_event = "pass_began";
inline constexpr std::string_view pass_ended_event = "pass_ended";
inline constexpr std::array event_kinds{change_event, check_event, pass_began_event, pass_ended_event};
// What a stream did not get, by kind: how many, or null where nobody knows: {"check":50}.
inline constexpr std::string_view missed_event = "missed";

// What an event is about.
struct event_subject {
    std::string tracker{}; // name; empty: no single one
    std::optional<storage::bug_id> bug{};
};

// Which events a stream wants; what is empty does not restrict.
struct event_filter {
    std::vector<std::string> kinds{};
    std::string tracker{};
    std::optional<storage::bug_id> bug{};

    bool wants_kind(std::string_view kind) const noexcept;
    bool wants(std::string_view kind, event_subject const& about) const noexcept;
    bool operator==(event_filter const&) const = default;
};

// One event as it is sent: its id, its kind, and each line of `data`.
std::string event_text(event_id const& id, std::string_view kind, std::string_view data);

// What a client is told whose checks and passes are gone; empty where it wants none.
std::string missed_text(event_id const& at, event_filter const& filter);

// The latest events, numbered in one sequence. Changes and others are bounded each for itself: that many
// checks come does not push out the changes, which are dear to get back. Pure.
class event_ring {
public:
    // A ring that has events up to the change `mark` behind it.
    event_ring(std::int64_t start, std::int64_t mark, std::size_t most);

    void put_change(std::int64_t change, event_subject about, std::string_view data);
    void put(std::string_view kind, event_subject about, std::string_view data);

    // The newest event's.
    event_id newest() const noexcept { return {mark_, start_, sequence_}; }

    // The numbers of the newest change and of the newest other event that are here no more; 0: all are.
    std::int64_t lost_change() const noexcept { return lost_change_; }
    std::int64_t lost_other() const noexcept { return lost_other_; }

    // What a stream is to be sent next.
    struct batch {
        std::shared_ptr<std::string const> text{}; // null: nothing
        event_id last{};                           // where it stands then
        std::size_t left_out = 0;                  // checks beyond `most_checks`
    };
    // The events behind `after` that the filter wants, up to about `most_bytes`; of checks no more than
    // `most_checks`. Streams that ask the same get one and the same text.
    batch after(event_id const& after, event_filter const& filter);

    static constexpr std::size_t most_bytes = 256 * 1024;
    static constexpr std::size_t most_checks = 100;

private:
    struct entry {
        event_id id{};
        std::string_view kind{};
        event_subject about{};
        std::string text{};
    };
    using list = std::deque<entry>;

    void push(list& to, std::int64_t& lost, entry next);
    batch collect(event_id const& after, event_filter const& filter) const;

    std::int64_t start_;
    std::int64_t mark_;
    std::size_t most_;
    std::int64_t sequence_ = 1; // the first event's is the next; 0 would be none of ours
    list changes_{};
    list others_{};
    std::int64_t lost_change_ = 0; // the newest that was pushed out
    std::int64_t lost_other_ = 0;

    // The batch that was asked for last.
    struct answered {
        event_id after{};
        std::int64_t newest{};
        event_filter filter{};
        batch what{};
    };
    std::optional<answered> last_{};
};

} // namespace checkwatches::serve
