#pragma once

#include "engine/core/log.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace checkwatches::app {

enum class log_format { logfmt, json };

// "warning".
std::string_view word(log_level level) noexcept;
// The number that syslog and journald know the level by: 3 for an error to 7 for debugging.
int priority(log_level level) noexcept;

// An event and its facts on one line, without time and line end: level=info event="pass done" bugs=3 as
// logfmt, "level":"info","event":"pass done","bugs":3 as the members of a JSON object. What could break the
// line or steer a terminal is escaped, what looks like user and password of a URL is masked, and what would
// make the line longer than a pipe takes in one piece (4 KiB) is cut. Pure.
std::string
log_line(log_format format, log_level level, std::string_view event, std::initializer_list<log_field> fields);

} // namespace checkwatches::app
