#include "engine/core/span.hpp"

#include <charconv>

namespace checkwatches {

std::optional<std::chrono::seconds> parse_span(std::string_view text) noexcept
{
    std::int64_t number = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr std::int64_t most = 1'000'000'000;
    if (read.ec != std::errc{} || number < 0 || number > most)
        return std::nullopt;
    std::string_view const unit{read.ptr, static_cast<std::size_t>(text.data() + text.size() - read.ptr)};
    std::int64_t const factor = unit.empty() || unit == "s" ? 1
                                : unit == "m"               ? 60
                                : unit == "h"               ? 3'600
                                : unit == "d"               ? 86'400
                                                            : 0;
    if (factor == 0 || number > most / factor)
        return std::nullopt;
    return std::chrono::seconds{number * factor};
}

} // namespace checkwatches
