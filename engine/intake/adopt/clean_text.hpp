#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace checkwatches::intake {

// Why this text cannot stand in a field of ours: it is longer than fields are, no UTF-8, or holds characters
// that steer. Nothing where it can.
std::optional<std::string> flaw_of(std::string_view text);
// The same of a line of a file, which may hold tabs.
std::optional<std::string> flaw_of_line(std::string_view line);

// A name that others gave, made fit for a field: blanks in place of what steers, and not too long.
std::string fit_name(std::string_view text);

// A text for people that quotes at most the beginning of another, and nothing that steers.
std::string quoted_briefly(std::string_view text);

} // namespace checkwatches::intake
