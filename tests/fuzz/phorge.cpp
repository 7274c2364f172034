#include "adapters/phorge.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What Conduit answers to a search for some tasks, and what their pages are.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_phorge();
    capabilities const can{.protocol = "conduit", .batch = 100};
    fuzz::check_look(*kind, can, {"1", "2", "13", "20", "9999", "abc"}, fuzz::as_text(data, size));
    return 0;
}
