#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::pagure {

// Pagure's words in normal words; both are the project's to choose, and these are known.
//
// The close status decides where there is one, otherwise the status ("Fixed" is a status in old versions).
// "Closed" without a reason is Fix Released: closing as fixed is what a project without reasons has.
// Importance is by the name that the project gave the priority. Without a priority an issue tagged rfe,
// wishlist, enhancement or feature is Wishlist, any other one Undecided.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::pagure
