#pragma once

#include "engine/serve/web/lore.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace checkwatches::serve {

// What bugs can be restricted by that no index knows; what is empty does not restrict.
struct sieve {
    bool due = false;  // its next check has come
    bool late = false; // it was seen longer ago than the schedule promises
    std::optional<status> state{};
    std::optional<importance> weight{};
    std::optional<unmapped_word> word{}; // it says this, and that has no meaning

    bool lets_all_through() const;
};

// A part of a list of bugs.
struct sifted {
    std::vector<storage::shown_bug> bugs{};
    std::optional<storage::bug_id> next{}; // behind this one it goes on; nothing: that was all
    bool is_cut = false;                   // it ends there since so many were looked at, not for its length
};

// So many bugs are looked at for one part: reading them takes some tenths of a second at most.
inline constexpr std::size_t most_sifted = 10'000;

// The bugs of the list that the sieve lets through, at most `limit`.
sifted sift(
    storage::reader const& in,
    lore const& known,
    storage::bug_list which,
    sieve const& by,
    utc_time now,
    std::int64_t limit);

// How many bugs have each word that has no meaning.
struct word_counts {
    using key = std::tuple<std::string, std::string, std::string>; // tracker, field, word
    std::map<key, std::int64_t> bugs{};
    bool is_cut = false; // there were more bugs than were looked at

    std::int64_t of(storage::unmapped_entry const& entry) const;
};
// Of the trackers of these entries; at most 2 * most_sifted bugs are looked at.
word_counts count_words(
    storage::reader const& in, lore const& known, std::vector<storage::unmapped_entry> const& entries);

// The line of the configuration that says what a word of a tracker means.
std::string setting_for(
    std::string_view tracker, std::string_view field, std::string_view word, std::string_view means = {});

} // namespace checkwatches::serve
