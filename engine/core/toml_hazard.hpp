#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace checkwatches {

// A place in a text, from 1; the column counts bytes.
struct toml_place {
    std::int64_t line = 1;
    std::int64_t column = 1;
};

// The first place in a text that must not be given to toml++ 3.3 where it comes from outside; nothing where
// there is none. No TOML has such places; but there the library relies on what it does not check (it
// tells the compiler that they cannot be reached): at control characters, at characters beyond ASCII that are
// not in a string or a comment, at the "[" of a table behind which no key can begin, and at a "}" that would
// end a list; and at a quote or a "=" in the middle of a value.
std::optional<toml_place> toml_hazard(std::string_view text);

} // namespace checkwatches
