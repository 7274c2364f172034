#pragma once

#include "engine/serve/pages/page.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace checkwatches::serve::view {

// How far behind is worth a mark, and how far is trouble; as `status` has it by default.
inline constexpr std::chrono::minutes behind_a_little{15};
inline constexpr std::chrono::hours behind{2};

// Numbers and times of what the engine says of itself; zero and nothing where it did not say.
std::int64_t number_of(boost::json::object const& engine, std::string_view field);
std::optional<utc_time> time_of(boost::json::object const& engine, std::string_view field);

// The mark at the head of each page: "✓ fresh: oldest overdue 4 min".
boost::json::object pulse_of(surroundings const& with);
// "Alive. 48,190 of 48,210 bugs are fresh; 20 are overdue, the oldest by 4 min."
std::string sentence_of_engine(surroundings const& with);

} // namespace checkwatches::serve::view
