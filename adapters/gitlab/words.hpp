#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::gitlab {

// GitLab's words in normal words.
//
// A label counts as a whole, without regard to case, with "_" and blanks read as "-". A scoped label is
// parted at its last "::". What decides the status, the first that speaks:
//   1. resolution "duplicate" (the issue names what it duplicates): Invalid
//   2. a label of a scope that names a state (workflow, status, state, resolution, and what ends in one of
//      them behind "::"); a value that is not in the table is not guessed
//   3. the status of the work item, but for those that every open or closed item has by itself ("To do",
//      "Done")
//   4. a plain label of the table
//   5. the state: opened (before 11: reopened too) is New, closed is Fix Released
// Of the labels only those count that fit the state: one that says that work goes on says nothing of an
// issue that is closed, and one that says why it was closed nothing of one that is open again. Of several
// that speak the one that stands first in the table is taken.
//
// What decides the importance, the first that speaks: a label of the scopes priority, severity or importance
// (in this order), whose values are not guessed either; a type or a plain label that says that it is a
// feature: Wishlist; the severity, which incidents have; a plain label (P1, S2, "critical"); Unknown. The
// first of each four is the most urgent.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::gitlab
