#include "adapters/rt.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// The protocol, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 2> protocols{"rest1", "rest2"};
    static auto const kind = adapters::make_rt();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = protocols[data[0] % protocols.size()], .batch = 100, .login = "guest"};
    fuzz::check_look(*kind, can, {"1", "2", "13", "9999", "abc"}, fuzz::as_text(data + 1, size - 1));
    return 0;
}
