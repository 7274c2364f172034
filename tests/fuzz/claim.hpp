#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace checkwatches::fuzz {

// What must hold for every input: where it does not, the fuzzer keeps the input.
inline void claim(bool holds, char const* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "the claim does not hold: %s\n", what);
    std::abort();
}

inline std::string_view as_text(std::uint8_t const* data, std::size_t size)
{
    return {reinterpret_cast<char const*>(data), size};
}

// What precedes the first line feed, which is taken off `rest` with it; all of it where there is none.
inline std::string_view take_line(std::string_view& rest)
{
    auto const line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

// No control characters of ASCII but white space.
inline bool is_printable(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) {
        auto const b = static_cast<unsigned char>(c);
        return (b >= 0x20 && b != 0x7F) || c == '\t' || c == '\n' || c == '\r';
    });
}

} // namespace checkwatches::fuzz

// The one function of each target.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);
