#pragma once

#include "engine/core/numbers.hpp"
#include "engine/core/time.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace checkwatches::serve::view {

// As short as what stands under an axis must be: "999", "13k", "1.2M".
std::string shortened(std::int64_t number);
// "4.2 %"; a share that is not zero is never written as zero, nor one below 1 as 100.
std::string percent(double share);
// "1.5 MB", in powers of 1,000.
std::string bytes(std::int64_t count);

// "40 s", "4 min", "3 h", "12 d": one unit, rounded down; live.js writes the same.
std::string span_text(std::chrono::seconds span);
// "about 4 minutes", in words.
std::string about(std::chrono::seconds span);
// "2026-11-22 08:15:30 UTC"
std::string absolute(utc_time t);
// "Sunday, 22 November", a day since 1970-01-01.
std::string day_text(std::int64_t day);

// A time as the part _time shows it: relative, absolute in its title.
boost::json::value moment(utc_time t, utc_time now);
boost::json::value moment(std::optional<utc_time> const& t, utc_time now); // null for nothing

// A path with a query of these fields; those with an empty value are left out.
std::string link(std::string_view path, std::vector<std::pair<std::string, std::string>> fields = {});
// The URL where it is one of http(s); else empty.
std::string safe_link(std::string_view url);
// At most so many bytes, with "…" where something is cut off.
std::string cut(std::string_view text, std::size_t most);

} // namespace checkwatches::serve::view
