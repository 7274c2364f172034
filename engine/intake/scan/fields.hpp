#pragma once

#include "engine/intake/scan/bug_addresses.hpp"

#include <functional>
#include <string_view>

namespace checkwatches::intake::scan {

// Where the line that begins at `begin` ends: at its line feed, or the text's end.
inline std::size_t line_end(std::string_view text, std::size_t begin)
{
    auto const end = text.find('\n', begin);
    return end == std::string_view::npos ? text.size() : end;
}

// A field of a header, or a trailer: "Name: value".
struct field {
    std::string_view name{};
    span value{}; // behind the colon, with the lines that are folded behind it
};

// What may stand before a field.
enum class field_margin { none, comment };

// Calls `visit` for each line of `text` that begins with a name of letters and dashes, at most 64, and a
// colon. Lines that begin with a blank or a tab continue the field before them. With field_margin::comment
// all of that may also stand behind "#" and one blank.
void each_field(std::string_view text, field_margin margin, std::function<void(field const&)> const& visit);

} // namespace checkwatches::intake::scan
