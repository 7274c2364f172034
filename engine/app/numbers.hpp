#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace checkwatches::app {

// 1234567 as "1,234,567".
std::string grouped(std::size_t number);

// "1 bug", "1,234 bugs".
std::string counted(std::size_t number, std::string_view one);

} // namespace checkwatches::app
