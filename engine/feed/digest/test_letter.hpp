#pragma once

#include "engine/feed/digest/settings.hpp"
#include "storage/digest_records.hpp"

namespace checkwatches::feed {

// A letter that says of itself that it is a test.
storage::digest_letter test_letter(digest_settings const& of, letter_style const& style, utc_time now);

} // namespace checkwatches::feed
