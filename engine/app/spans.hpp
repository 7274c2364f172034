#pragma once

#include "engine/core/time.hpp"

#include <optional>
#include <string>

namespace checkwatches::app {

// "3 d 12 h ago"; "never" for nothing.
std::string age_of(std::optional<utc_time> const& at, utc_time now);

// "2026-11-22T08:15:30Z (3 h ago)"; "never" for nothing.
std::string when(std::optional<utc_time> const& at, utc_time now);

} // namespace checkwatches::app
