#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches {

// Records are UTC with millisecond precision; what waits uses std::chrono::steady_clock.
using utc_time = std::chrono::sys_time<std::chrono::milliseconds>;

utc_time utc_now() noexcept;

// "2026-11-22T08:15:30Z": RFC 3339, whole seconds, as every command prints times. A time outside of the years
// 0000 to 9999 is written as the nearest one inside.
std::string format_time(utc_time t);

// The day in UTC, counted from 1970-01-01.
constexpr std::int64_t day_of(utc_time when)
{
    return std::chrono::floor<std::chrono::days>(when).time_since_epoch().count();
}

// What to assume where a text names no zone.
enum class naive_time { is_utc, is_rejected };

// Reads the ISO 8601 shapes that trackers send: date and time joined by T or a
// blank, with or without separators, with an optional fraction, and a zone written Z, +hh:mm, +hhmm or "
// +hhmm". Nothing for anything else, for a date that does not exist, or for a text without a zone where
// `naive` rejects those.
std::optional<utc_time>
parse_time(std::string_view text, naive_time naive = naive_time::is_rejected) noexcept;

// Reads an HTTP date in the preferred form of RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<utc_time> parse_http_date(std::string_view text) noexcept;

} // namespace checkwatches
