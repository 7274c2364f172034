#include "adapters/launchpad.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What Launchpad answers: to a search for four bugs of one target and to single bugs.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_launchpad();
    capabilities const can{.protocol = "rest", .batch = 100};
    std::vector<std::string> const ids{
        "7001",
        "gadget/+bug/1",
        "gadget/+bug/2",
        "gadget/+bug/13",
        "gadget/+bug/20",
        "frob/+source/avahi/+bug/7001",
        "gadget/+bug/abc"};
    fuzz::check_look(*kind, can, ids, fuzz::as_text(data, size));
    return 0;
}
