#pragma once

#include "engine/serve/log/push_request.hpp"
#include "storage/reader.hpp"

#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::serve {

// The log in the words of Mozilla's pushlog: each entry is a push of its own, with the entry's id, and one
// changeset, whose node is the entry's hash. Ids grow without a gap over all trackers; a tracker's own are
// some of them.
struct pushes {
    std::vector<storage::shown_change> changes{}; // in the order of their ids
    std::int64_t last{};                          // of the log, or of the tracker's part of it
    utc_time last_at{};                           // when that was logged; 1970 where there is none
    // There are more behind these: they are asked for with this as startID. Nothing: that is all.
    std::optional<std::int64_t> next{};
};

inline constexpr std::int64_t most_pushes = 1'000; // in one answer
inline constexpr std::int64_t usual_pushes = 10;   // where no bound is named: the last ones

// `tracker`: of its part of the log alone. An error of kind not_found: no such tracker or change.
result<pushes>
find_pushes(storage::reader const& in, std::optional<std::string> const& tracker, push_request const& asked);

// As version 1 or 2 has it; version 2 says "truncated" and "next", too, where it is not all. `at`: the memory
// that it is made in.
boost::json::object json_of(
    pushes const& found,
    push_request const& asked,
    storage::reader const& in,
    boost::json::storage_ptr at = {});

// What the bug is watched for, each label once, in order.
std::vector<std::string> labels_of(storage::reader const& in, storage::bug_id bug);

// "Bug 123: NEW → RESOLVED FIXED", "Bug 123: importance: Low → High", "pause: asked us to".
std::string description_of(storage::shown_change const& shown);
// Who made it: an operator, or the engine, which writes what trackers say.
inline constexpr std::string_view engine_user = "checkwatches";
std::string_view user_of(storage::change const& what);

} // namespace checkwatches::serve
