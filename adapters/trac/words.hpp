#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::trac {

// Trac's words in normal words.
//
// The resolution decides where there is one ("--" is none), otherwise the status; a ticket that says
// "reopened" is open whatever resolution a workflow left behind. "closed" without a resolution is not
// guessed: closed is not fixed. A duplicate is Invalid, since Trac has no field that names the ticket it
// duplicates.
//
// An enhancement is Wishlist whatever its priority (a default installation gives every ticket "major", so
// that priority says less than type); otherwise the priority decides where there is one, otherwise the
// severity. Nothing of the three is Unknown.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::trac
