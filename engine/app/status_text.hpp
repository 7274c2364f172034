#pragma once

#include "engine/app/health.hpp"

namespace checkwatches::app {

// "Alive. 48,190 of 48,210 bugs are fresh; the oldest overdue one waits since 3 min; last commit 12 s ago."
std::string sentence_of(health const& h, std::chrono::seconds most_behind);

// The sentence, then what goes on, then what needs a person: a few lines, with their ends.
std::string text_of(health const& h, std::chrono::seconds most_behind, std::size_t width);

} // namespace checkwatches::app
