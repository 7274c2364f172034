#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::rt {

// A ticket's words in normal ones. Statuses of RT's own lifecycle and of rt.cpan.org's; a site can define
// others, which are unknown. What was deleted was spam, or no bug.
//
// Importance by a custom field Severity (rt.cpan.org) where there is one, else by the priority: a number,
// where 0 is what nobody has set, below 50 is low, below 75 medium, below 90 high, up to 100 critical, and
// others are a scale of the site's own and unknown; or a word.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::rt
