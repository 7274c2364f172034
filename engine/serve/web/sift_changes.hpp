#pragma once

#include "storage/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// Which entries of the log: all; those that trackers' doing made, without first sightings; those of them that
// are about a status; what operators did.
enum class change_kind { all, changes, statuses, acts };
std::string_view word(change_kind kind) noexcept;
std::optional<change_kind> parse_change_kind(std::string_view text); // "all", "changes", "statuses", "acts"

// What entries of the log can be restricted by that no index knows; what is empty does not restrict.
struct change_sieve {
    change_kind kind = change_kind::all;
    std::optional<std::string> label{}; // of bugs that are watched for this
    std::optional<std::string> owner{}; // … by this one
    std::vector<std::string> actors{};  // by one of these; "" is what trackers did
    std::optional<utc_time> since{};    // logged later than this
    std::optional<utc_time> until{};    // … earlier
};

// A part of the log, newest first.
struct sifted_changes {
    std::vector<storage::shown_change> changes{};
    std::optional<std::int64_t> next{}; // before this id it goes on; nothing: that was all
    bool is_cut = false;                // it ends there since so many were looked at, not for its length
};

// So many entries are looked at for one part.
inline constexpr std::int64_t most_sifted_changes = 5'000;

// The entries of the list that the sieve lets through, at most `limit`.
sifted_changes
sift(storage::reader const& in, storage::change_list which, change_sieve const& by, std::int64_t limit);

// A part of the log in its order.
struct followed_changes {
    std::vector<storage::shown_change> changes{};
    std::int64_t reached{}; // no entry up to this id is missing
    bool is_cut = false;    // there are more behind that
};

// The entries of the part that the sieve lets through, at most `limit`: the first of them, or the last. The
// part must end at an id that was given already, or what is given meanwhile could be jumped over.
followed_changes
follow(storage::reader const& in, storage::log_part which, change_sieve const& by, std::int64_t limit);

// It tells what the bug was when it was first seen, not that anything changed.
bool is_first_sight(storage::change const& what);

} // namespace checkwatches::serve
