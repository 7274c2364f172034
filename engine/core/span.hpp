#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace checkwatches {

// "90s", "15m", "12h", "7d", or a number of seconds; nothing for anything else.
std::optional<std::chrono::seconds> parse_span(std::string_view text) noexcept;

} // namespace checkwatches
