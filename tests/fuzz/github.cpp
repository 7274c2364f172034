#include "adapters/github.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// The protocol, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 3> protocols{"rest", "graphql", "graphql-old"};
    static auto const kind = adapters::make_github();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = protocols[data[0] % protocols.size()], .batch = 100, .page = 100};
    auto const script = fuzz::as_text(data + 1, size - 1);
    fuzz::check_look(*kind, can, {"1", "2", "13", "9999", "abc"}, script, "https://github.com/acme/widget");
    return 0;
}
