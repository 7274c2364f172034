#pragma once

#include "engine/serve/pages/chart.hpp"
#include "engine/serve/rechecks/book.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace checkwatches::serve {

inline constexpr std::size_t rate_days = 30;
inline constexpr std::size_t rate_weeks = 26;

// Of the `count` days that end today, or of as many weeks, how many rechecks there were in a source, and how
// many of them were for this bug (empty: "no bug"). Days of which nothing is known have none.
std::vector<view::rate_point> rates_of(
    recheck_book const& book,
    storage::reader const& in,
    storage::recheck_source const& of,
    std::string const& bug,
    std::int64_t days_each,
    std::size_t count);

// The same for programs, with Wilson's interval of each share; what is not known is left out.
boost::json::object json_of_rates(
    recheck_book const& book,
    storage::reader const& in,
    storage::recheck_source const& of,
    std::string const& bug);

} // namespace checkwatches::serve
