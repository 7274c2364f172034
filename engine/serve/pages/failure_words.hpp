#pragma once

#include "engine/core/outcome.hpp"

#include <string>
#include <string_view>

namespace checkwatches::serve::view {

// What it does that a check of it ends so, in words: "answers with a challenge for bots".
std::string_view words_of(outcome how) noexcept;

// The reason as people need it: without the outcome in front of it, which stands beside it, and without the
// queries of addresses, in which a batch names a hundred ids.
std::string reason_of(outcome how, std::string_view detail);

} // namespace checkwatches::serve::view
