#pragma once

#include "storage/records.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve::view {

// Checks of one day or week, and those of them that failed.
struct rate_point {
    std::int64_t first{}; // the day it begins with, since 1970-01-01
    std::int64_t failed = 0;
    std::int64_t checks = 0; // none: a gap, not a zero
};

// Of the `count` days that end with `last`, or of as many weeks of seven days: each has a point, whether
// there was a check or not. What counts as failed is what ended so, or all failures where `slice` is nothing.
std::vector<rate_point> points_of(
    std::vector<storage::outcome_day> const& days,
    std::int64_t last,
    std::int64_t days_each,
    std::size_t count,
    std::optional<outcome> slice);

// What is counted, and what is said of those that count as failed.
struct chart_words {
    std::string_view one = "check";
    std::string_view many = "Checks"; // at the head of a column, like hit_title
    std::string_view hit = "failed";
    std::string_view hit_title = "Failed";
    std::string_view trend = "Failures";
};

// What the points say, in words: "Failures fell: …"; it claims a change between the earlier and the last
// quarter only where their intervals do not overlap.
std::string finding_of(std::vector<rate_point> const& points, chart_words const& words = {});

// The part _chart: dots with whiskers in a drawing of fixed size, and the table of the same numbers.
boost::json::object
chart_of(std::vector<rate_point> const& points, std::int64_t days_each, chart_words const& words = {});

} // namespace checkwatches::serve::view
