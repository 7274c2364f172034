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

// The mark at the head of each page: "✓ nothing is overdue", "✓ oldest overdue 4 min". It speaks of when bugs
// are asked, not of what they answer.
boost::json::object pulse_of(surroundings const& with);
// "Alive: 20 checks are overdue, the oldest by 4 min."
std::string sentence_of_engine(surroundings const& with);
// What the last checks of all bugs came to, and when that was counted, as the part _fare shows it; null where
// they were not counted yet, or there are none.
boost::json::value fare_of(surroundings const& with);

} // namespace checkwatches::serve::view
