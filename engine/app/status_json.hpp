#pragma once

#include "engine/app/health.hpp"

namespace checkwatches::app {

// One JSON object on one line, without its end; the fields are documented in README ("For programs"). What is
// not known is null.
std::string json_of(health const& h, std::chrono::seconds most_behind);

} // namespace checkwatches::app
