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

// Where a text holds what must not be given to toml++ 3.3 if it comes from outside: control characters, and a
// line of which "[" is followed by what can begin no key. There the library relies on an assumption that it
// does not check. No table may look so; of a value, a list that goes on over several lines could, and is
// refused along.
std::optional<toml_place> toml_hazard(std::string_view text) noexcept;

} // namespace checkwatches
