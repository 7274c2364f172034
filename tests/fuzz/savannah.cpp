#include "adapters/savannah.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What a Savane answers: pages of items, and errors.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_savannah();
    capabilities const can{.protocol = "pages", .batch = 20, .each = 1};
    fuzz::check_look(
        *kind,
        can,
        {"1", "2", "13", "9999", "abc"},
        fuzz::as_text(data, size),
        "https://savane.example.org/bugs");
    return 0;
}
