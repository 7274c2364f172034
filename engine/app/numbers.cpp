#include "engine/app/numbers.hpp"

#include <fmt/format.h>

namespace checkwatches::app {

std::string grouped(std::size_t number)
{
    auto const digits = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i != digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0)
            out += ',';
        out += digits[i];
    }
    return out;
}

std::string counted(std::size_t number, std::string_view one)
{
    return fmt::format("{} {}{}", grouped(number), one, number == 1 ? "" : "s");
}

} // namespace checkwatches::app
