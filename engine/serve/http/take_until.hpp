#pragma once

#include <algorithm>
#include <string_view>

namespace checkwatches::serve {

// What precedes the first `mark`, which is taken off `rest` with it; all of it where there is none.
inline std::string_view take_until(std::string_view& rest, char mark) noexcept
{
    auto const out = rest.substr(0, rest.find(mark));
    rest.remove_prefix(std::min(out.size() + 1, rest.size()));
    return out;
}

} // namespace checkwatches::serve
