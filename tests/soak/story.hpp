#pragma once

#include "tests/soak/town.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::soak {

// The log's entries about the status of each bug and the tracker's words for it, by tracker and remote id.
using stories = std::map<std::pair<std::string, std::string>, std::vector<storage::change>>;
stories read_stories(storage::reader const& from);

// What a bug was when a client was told, where that was another status than before.
struct episode {
    std::string status{}; // in the tracker's words: "RESOLVED FIXED"
    // The first change that nobody had been told of until then.
    utc_time began{};
};

// What a true log tells of the bug: each status that was served, once, in the order in which it was.
std::vector<episode> expected_story(mock::bug const& of);
// What the log does tell; "(broken)" before an entry that does not begin where the one before ended.
std::vector<std::string> told_story(std::vector<storage::change> const& entries);

} // namespace checkwatches::soak
