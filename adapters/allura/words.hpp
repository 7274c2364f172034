#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::allura {

// The type of a tool for wishes: a word of our own, for the API says it by the tool's name only.
inline constexpr std::string_view feature_request = "feature request";

// Allura's words in normal words.
//
// Those that a tool starts with: open and unread are New, accepted Confirmed, pending Incomplete, in-progress
// In Progress, closed Fix Released, wont-fix Won't Fix. What came from SourceForge's former tracker is
// "state-resolution" (closed-works-for-me): Launchpad's table for these holds, except that closed as a
// duplicate is Invalid, and closed for later or as a reminder Won't Fix. Any other word is the project's own,
// and is not guessed, for open and closed is all that the tool knows of it.
//
// A feature request is Wishlist whatever its priority (every ticket has a 5 unless somebody chose another);
// otherwise the priority decides: 9 Critical, 7 and 8 High, 4 to 6 Medium, 1 to 3 Low. Without one it is
// Unknown.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::allura
