#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace checkwatches {

// A place in a text, from 1; a column is a character.
struct toml_place {
    std::int64_t line = 1;
    std::int64_t column = 1;
};

// Why a text is no TOML, or none that is read here, and where.
struct toml_fault {
    toml_place at{};
    std::string what{}; // may quote a value
};

// The first place in a text that must not be given to toml++ 3.3 where it comes from outside; nothing where
// there is none. No TOML has most of these places; but there the library relies on what it does not check (it
// tells the compiler that they cannot be reached): at control characters, at characters beyond ASCII that are
// not in a string or a comment, at the "[" of a table behind which no key can begin, and at a "}" that would
// end a list; and at a quote or a "=" in the middle of a value. The others are keys of too many parts,
// and too many lists of tables: each part is a table in a table, these are destroyed one within the other,
// and the library looks for them one by one.
std::optional<toml_fault> toml_hazard(std::string_view text);

} // namespace checkwatches
