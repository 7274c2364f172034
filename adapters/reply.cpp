#include "adapters/adapter.hpp"
#include "adapters/wire/text.hpp"

namespace checkwatches::adapters {

std::string_view reply::header(std::string_view name) const noexcept
{
    for (auto const& [key, value] : headers)
        if (wire::same_word(key, name))
            return value;
    return {};
}

} // namespace checkwatches::adapters
