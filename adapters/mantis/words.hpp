#pragma once

#include "engine/core/sighting.hpp"

#include <cstdint>
#include <string_view>

namespace checkwatches::adapters::mantis {

// Mantis' words in normal words.
//
// An open issue is told by its status, one that is "resolved" or "closed" by its resolution, in the words of
// the interface and those behind it ("unable to reproduce", "unable to duplicate"). Closed is not fixed: only
// "fixed" is, and an issue that was closed with its resolution still "open" is not guessed. Words of a site's
// own are unknown words.
//
// A feature is Wishlist. Otherwise a priority above normal decides; up to normal, a severity of crash or
// block is High and one of trivial, text or tweak Low; what is left the priority decides ("none" is
// Undecided). An issue that tells a severity alone is told by it.
verdict interpret(raw_words const& words);

// The fields whose values SOAP sends as numbers.
enum class field { status, resolution, priority, severity };

// The word behind a number where it is one of those that every Mantis starts with; else empty.
std::string_view stock_word(field of, std::int64_t number) noexcept;

// The resolution of a duplicate, as a word.
bool is_duplicate(std::string_view resolution);

} // namespace checkwatches::adapters::mantis
