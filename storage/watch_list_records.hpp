#pragma once

#include "storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::storage {

// How a watch list fares: good, its watches are those of its file; bad, the file cannot be read as a list;
// frozen, it is kept and not applied: then the watches are those of the version that was applied last. Off:
// it has none.
enum class list_state { good, bad, frozen, off };

constexpr std::string_view word(list_state s) noexcept
{
    switch (s) {
    case list_state::good: return "good";
    case list_state::bad: return "bad";
    case list_state::frozen: return "frozen";
    case list_state::off: return "off";
    }
    return {};
}
constexpr std::optional<list_state> parse_list_state(std::string_view text) noexcept
{
    for (auto const s : {list_state::good, list_state::bad, list_state::frozen, list_state::off})
        if (text == word(s))
            return s;
    return std::nullopt;
}

// What became of an entry: watched; waiting until its tracker can be asked what it is; bad, as it stands.
enum class entry_state { watched, waiting, bad };

constexpr std::string_view word(entry_state s) noexcept
{
    switch (s) {
    case entry_state::watched: return "watched";
    case entry_state::waiting: return "waiting";
    case entry_state::bad: return "bad";
    }
    return {};
}
constexpr std::optional<entry_state> parse_entry_state(std::string_view text) noexcept
{
    for (auto const s : {entry_state::watched, entry_state::waiting, entry_state::bad})
        if (text == word(s))
            return s;
    return std::nullopt;
}

// An entry of a list: what it says, where it stands in the file, and what became of it. It names its bug by
// URL, or by tracker (name) and bug.
struct list_entry {
    std::int64_t line = 0; // from 1; like column
    std::int64_t column = 0;
    entry_state state = entry_state::waiting;
    std::string url{};
    std::string tracker{};
    std::string bug{};
    std::string label{};
    std::string owner{};
    relation is{};
    std::string note{};
    std::string reason{}; // why it waits or is bad
    std::optional<bug_id> watched{};
    std::int64_t number = 0; // in its list, from 1; for reading only
};

// A watch, and the bug that it is of.
struct placed_watch {
    bug_id bug{};
    watch what{};
};

// A list as it is known.
struct watch_list_record {
    std::string name{}; // unique; its watches have the source "list:NAME"
    std::string path{};
    list_state state{};
    std::string trouble{}; // of the file as a whole; with its place, where there is one (0: none)
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::string hash{};                   // SHA-256 of the file as it was read last, in hexadecimal digits
    utc_time read_at{};                   // … when
    std::optional<utc_time> applied_at{}; // the version that its watches are of
    // Of its entries; for reading only.
    std::int64_t watched = 0;
    std::int64_t waiting = 0;
    std::int64_t bad = 0;
};

} // namespace checkwatches::storage
