#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::jira {

// Before the key of a status's category ("new", "indeterminate", "done") in a label of raw_words. No label of
// Jira's own has a blank in it.
inline constexpr std::string_view category_mark = "status category: ";

// What Jira's words mean. Names of statuses and resolutions are a site's own; those of a new Jira and other
// common ones are known, without case.
//
// A resolution says what closed means, so it decides wherever the status is not open by its category (there
// it is left from before) or by the name "Reopened". Otherwise the name of the status does; Closed and Done
// without a resolution name no reason, and are Fix Released. A name that is not known is told by its category
// where that is "new" (New) or "indeterminate" (In Progress). "done" names no reason and an unknown
// resolution none that we know: these words are not guessed.
//
// P1 is the most urgent; no priority is Undecided, and a wish is Wishlist whatever its priority.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::jira
