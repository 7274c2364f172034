#include "engine/net/client.hpp"

#include "engine/core/ascii.hpp"

namespace checkwatches::net {

std::string_view find_header(header_list const& headers, std::string_view name) noexcept
{
    for (auto const& [key, value] : headers)
        if (same_word(key, name))
            return value;
    return {};
}

} // namespace checkwatches::net
