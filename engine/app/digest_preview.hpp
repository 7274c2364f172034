#pragma once

#include "adapters/registry.hpp"
#include "engine/feed/digest/book.hpp"
#include "storage/reader.hpp"

#include <vector>

namespace checkwatches::app {

// The letters that the digest would write if all that it has gathered, and all that the log has for it, had
// settled now. Nothing is stored.
std::vector<storage::digest_letter> preview_letters(
    storage::reader const& in,
    feed::digest_settings const& of,
    feed::letter_style const& style,
    adapters::registry const& kinds);

} // namespace checkwatches::app
