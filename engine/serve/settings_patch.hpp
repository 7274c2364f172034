#pragma once

#include "engine/core/error.hpp"
#include "storage/records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace checkwatches::serve {

// An error of kind usage: a setting is out of its range (as the configuration file has it), or `only` names
// one that there is not.
result<void> check_settings(storage::tracker_settings const& set, std::vector<std::string> const& only);

// Takes over the settings of these names ("batch", …), the others stay; all where none is named.
void take_settings(
    storage::tracker_settings& into,
    storage::tracker_settings const& from,
    std::vector<std::string> const& only);

// An error of kind usage: a text that somebody gives is longer than 1,000 bytes, or holds control characters
// (but ends of lines, where it may have several).
enum class text_lines { one, several };
result<void> check_text(std::string_view name, std::string_view text, text_lines lines = text_lines::one);

} // namespace checkwatches::serve
