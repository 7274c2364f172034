#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::roundup {

// What stands in the place of a resolution that a closed issue does not have, on a site that has resolutions:
// as old exports spell it.
inline constexpr std::string_view no_resolution = "None";

// What stands in the place of a word that we may not see, as exports spell it; the REST API leaves such a
// field out.
inline constexpr std::string_view hidden = "[hidden]";

// An issue's words in normal ones: of the classic template, of the templates whose statuses are open and
// closed, and of bugs.python.org, which has resolutions beside. "closed" is fixed only on a site without
// resolutions; on one that has them, closed for no reason ("closed None") is Won't Fix. An issue that was
// closed as a duplicate is Invalid. Numbers in the place of names, as very old exports give them, mean
// something else on each site and are unknown, and so is what was hidden.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::roundup
