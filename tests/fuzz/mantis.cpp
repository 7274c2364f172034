#include "adapters/mantis.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// The protocol, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 5> protocols{"soap", "soap-single", "rest", "export", "page"};
    static auto const kind = adapters::make_mantis();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = protocols[data[0] % protocols.size()], .batch = 100};
    std::vector<std::string> ids{"9999", "abc"};
    for (int i = 1; i <= 20; ++i)
        ids.push_back(std::to_string(i));
    fuzz::check_look(*kind, can, ids, fuzz::as_text(data + 1, size - 1));
    return 0;
}
