#pragma once

#include "engine/core/error.hpp"
#include "engine/core/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace checkwatches::feed {

// A time in which nothing is told of what happens, once or again and again. All of it is UTC.
struct maintenance_window {
    // Once: from `from` to before `until`.
    std::optional<utc_time> from{};
    std::optional<utc_time> until{};
    // Otherwise each day, or each week on `day`, from `begins` after midnight for `lasts`.
    std::optional<std::chrono::weekday> day{};
    std::chrono::minutes begins{};
    std::chrono::minutes lasts{};

    bool holds(utc_time when) const;
};

// "02:00-04:00" each day, "Sat 22:00-02:00" each week (past midnight where the end is not later than the
// beginning), "2026-12-24T00:00Z/2026-12-27T12:00Z" once. An error of kind configuration says what is wrong.
result<maintenance_window> parse_window(std::string_view text);

} // namespace checkwatches::feed
