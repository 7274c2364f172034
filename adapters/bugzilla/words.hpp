#pragma once

#include "engine/core/sighting.hpp"

namespace checkwatches::adapters::bugzilla {

// The words of any Bugzilla in normal words, without regard to case: Launchpad's tables with what they lack
// (CONFIRMED, IN_PROGRESS, S1 to S4, "--", KDE's and Red Hat's words) and P1, not P5, as the most urgent.
//
// Severity decides the importance; priority does where severity is empty or an equivalent of "not set". A
// word that stands in no table is listed and decides nothing.
verdict interpret(raw_words const& words);

} // namespace checkwatches::adapters::bugzilla
