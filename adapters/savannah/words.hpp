#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::savannah {

// Savane's words in normal words; a group may have further ones, and those are not guessed. The status is
// Open or Closed, and the resolution, which people see as Status, decides what of it:
//
//   none (or no such field)                  New              Fix Released
//   Fixed, Done                              Fix Committed    Fix Released
//   Confirmed                                Confirmed        -
//   In Progress                              In Progress      -
//   Ready For Test, Patch Submitted          Fix Committed    -
//   Need Info                                Incomplete       -
//   Postponed                                Confirmed        Won't Fix
//   Wont Fix, Wont Do                        Won't Fix        Won't Fix
//   Invalid, Works For Me, Duplicate,
//   Not a Bug                                Invalid          Invalid
//
// Severity decides the importance: 5 - Blocker and 6 - Security are Critical, 4 - Important High, 2 - Minor
// Low, 1 - Wish Wishlist. Where it is 3 - Normal, or there is none, the priority does: 9 - Immediate
// Critical, 7 - High High, 5 - Normal Medium, 3 - Low and 1 - Later Low. Without both it is Unknown.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::savannah
