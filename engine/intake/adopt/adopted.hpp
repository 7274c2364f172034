#pragma once

#include "engine/core/time.hpp"
#include "storage/records.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::intake {

// What the lists of other programs name: watches, trackers, and what of them cannot be taken over. Whoever
// reads one loses nothing silently: what it does not understand is a leftover.

inline constexpr std::size_t largest_list = std::size_t{64} * 1024 * 1024; // bytes of a file
inline constexpr std::size_t most_adopted = 1'000'000;

// Where an entry stands in its file, from 1; 0: it is in none. Who reads from a text leaves the file's name
// to those who know it.
struct spot {
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::string file{};

    bool operator==(spot const&) const = default;
};

// What the other side knows of a bug, for a comparison with what we know.
struct other_view {
    std::string status{}; // in its tracker's words, as the other side has them; empty: not told
    std::string importance{};
    std::optional<utc_time> checked_at{};
    std::optional<utc_time> changed_at{}; // since when it says so
    std::string failure{};                // how its last check failed; empty where it did not
    bool is_normal = false;               // the words may be normal ones ("Fix Released")
    bool is_private = false;              // it does not tell us

    bool operator==(other_view const&) const = default;
};

// A watch of the other side. It names its bug by URL, or by tracker (name) and bug.
struct adopted_watch {
    spot at{};
    std::string name{}; // what it is called there: "lp:7001"; may be empty
    std::string url{};
    std::string tracker{};
    std::string bug{};
    storage::watch what{};     // without source; the label as the list says it
    std::string usual_label{}; // where nobody says another
    std::optional<other_view> theirs{};
};

// A tracker of the other side.
struct adopted_tracker {
    spot at{};
    std::string name{}; // what it is called there
    std::string kind{}; // ours
    std::string url{};
};

// What is not taken over as it stands.
struct leftover {
    enum class why {
        bad,      // it is damaged, or names nothing that we know
        waiting,  // it could not be read now
        left_out, // it is of no use to us
    };
    spot at{};
    why how{};
    std::string name{};
    std::string reason{};
};

struct adopted {
    std::vector<adopted_watch> watches{};
    std::vector<adopted_tracker> trackers{};
    std::vector<leftover> rest{};
};

} // namespace checkwatches::intake
