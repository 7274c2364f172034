#pragma once

#include "engine/core/error.hpp"
#include "engine/core/url.hpp"
#include "storage/records.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::check {

// A bug whose check failed, for the list at the end of a pass.
struct failed_bug {
    std::string remote_id{};
    outcome how{};
    std::string detail{};
};

// What a pass did at one tracker.
struct tracker_tally {
    std::string tracker{}; // name
    std::string kind{};
    std::string base_url{};
    std::size_t due = 0;                       // bugs that were to be asked
    std::map<outcome, std::size_t> outcomes{}; // of the bugs that were asked
    std::size_t changes = 0;
    std::size_t requests = 0;
    std::vector<failed_bug> failed{};  // the first of those whose own check failed, at most `most_named`
    std::optional<error> trouble{};    // what ended the work on the tracker early
    std::optional<web_url> moved_to{}; // where it says that it lives now
    std::chrono::milliseconds elapsed{};

    static constexpr std::size_t most_named = 20;

    // Counts what became of a bug.
    void count(storage::settled_bug const& bug);

    std::size_t asked() const;
    std::size_t seen() const;
    std::size_t not_asked() const { return due - asked(); }
    // Some check failed for another reason than a wait that the tracker asked for.
    bool has_failures() const;
};

} // namespace checkwatches::check
