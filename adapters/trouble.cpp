#include "adapters/trouble.hpp"

#include <algorithm>

namespace checkwatches::adapters {

error tracker_trouble(error e)
{
    auto const what = to_outcome(e.kind);
    if (e.kind == error_kind::forbidden)
        e.kind = error_kind::auth_failed;
    else if (what && !is_tracker_failure(*what))
        e.kind = error_kind::protocol_error;
    return e;
}

std::string shortened(std::string_view text)
{
    constexpr std::size_t longest = 300;
    auto end = std::min(text.size(), longest);
    bool const is_cut = end != text.size();
    while (is_cut && end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
        --end;
    std::string line{text.substr(0, end)};
    std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return is_cut ? line + "…" : line;
}

} // namespace checkwatches::adapters
