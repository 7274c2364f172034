#include "engine/app/numbers.hpp"

#include <fmt/format.h>

namespace checkwatches::app {

std::string grouped(std::size_t number)
{
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string counted(std::size_t number, std::string_view one)
{
    return fmt::format("{} {}{}", grouped(number), one, number == 1 ? "" : "s");
}

} // namespace checkwatches::app
