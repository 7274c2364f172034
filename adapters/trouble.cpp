#include "adapters/trouble.hpp"

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
    if (text.size() <= longest)
        return std::string{text};
    std::size_t end = longest;
    while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
        --end;
    return std::string{text.substr(0, end)} + "…";
}

} // namespace checkwatches::adapters
