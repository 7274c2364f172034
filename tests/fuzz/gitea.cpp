#include "adapters/gitea.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What a Gitea answers: to lists, and to single issues.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_gitea();
    capabilities const can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 2, .each = 1};
    fuzz::check_look(
        *kind,
        can,
        {"1", "2", "3", "7", "13", "9999", "abc"},
        fuzz::as_text(data, size),
        "https://forge.example.org/plum/pear");
    return 0;
}
