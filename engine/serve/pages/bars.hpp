#pragma once

#include "storage/reader.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace checkwatches::serve::view {

// What changed in a day, first sightings and acts left out.
struct day_changes {
    std::int64_t day{};                    // since 1970-01-01
    std::optional<std::int64_t> changes{}; // nothing: not known
};

// Of the `count` days that end with `last`. Not known are days before the tracker was, and those that lie
// behind the newest entries of its log, of which only so many are read.
std::vector<day_changes>
changes_of_days(storage::reader const& in, storage::tracker const& of, std::int64_t last, std::size_t count);

// The part _bars: a bar for each day, and the table of the same numbers.
boost::json::object bars_of(std::vector<day_changes> const& days);

} // namespace checkwatches::serve::view
