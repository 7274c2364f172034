#pragma once

#include "engine/serve/rechecks/book.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>

namespace checkwatches::serve::view {

// The part _hours: a line of counts by the hour in a drawing of fixed size, which breaks off where an hour is
// not known, with a bar in its place.
boost::json::object drawing_of(std::span<std::optional<std::int64_t> const> hours);

} // namespace checkwatches::serve::view
