#include "adapters/allura.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What an Allura answers: to searches, and to single tickets.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_allura();
    capabilities const can{.protocol = "search", .batch = 100, .changed_since = true};
    fuzz::check_look(
        *kind,
        can,
        {"1", "2", "3", "13", "9999", "99999999999", "abc"},
        fuzz::as_text(data, size),
        "https://forge.example.org/p/plum/bugs");
    return 0;
}
