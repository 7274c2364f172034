#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace checkwatches {

// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);
// "1 bug", "1,234 bugs"; "2 watches" where `many` says so.
std::string counted(std::int64_t number, std::string_view one, std::string_view many = {});

// The same for sizes, which are far from what would not fit.
template <std::unsigned_integral N>
std::string grouped(N number)
{
    return grouped(static_cast<std::int64_t>(number));
}
template <std::unsigned_integral N>
std::string counted(N number, std::string_view one, std::string_view many = {})
{
    return counted(static_cast<std::int64_t>(number), one, many);
}

} // namespace checkwatches
