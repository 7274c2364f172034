#pragma once

#include "engine/core/error.hpp"
#include "engine/serve/json_text.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::serve {

// An answer of the resident program: lines {"event":NAME,…}. Those between depend on the call; the last one
// is always "done" with the result, or "error" with kind, message and whatever else the error knows.
inline constexpr std::string_view done_event = "done";
inline constexpr std::string_view error_event = "error";
inline constexpr std::size_t most_event_line = 16 << 20; // bytes

// With its line end.
std::string event_line(std::string_view event, boost::json::object fields);
std::string event_line(std::string_view event, json_text fields);

// Reads a line, with or without its end: an object whose "event" is a text. An error of kind protocol_error.
result<boost::json::object> read_event(std::string_view line);
std::string_view name_of(boost::json::object const& event) noexcept;

// The error's fields, and the error again. It comes back as it was, but that the cause is part of the message
// where another process cannot know it by its number: it prints the same.
boost::json::object json_of(error const& e);
error error_of(boost::json::object const& in);

} // namespace checkwatches::serve
