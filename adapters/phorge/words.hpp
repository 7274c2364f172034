#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::phorge {

// Maniphest's words in normal words. Both lists are an installation's own: known are those that a Phorge
// starts with and those that Wikimedia added. A status counts by its key ("wontfix"), a priority by its name
// ("Needs Triage" is Undecided). A duplicate is Invalid. No priority is Unknown.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::phorge
