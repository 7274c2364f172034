#include "adapters/pagure.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// What a Pagure answers: to lists, to single issues, and for the project's priorities.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_pagure();
    capabilities const can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 100, .each = 1};
    fuzz::check_look(
        *kind,
        can,
        {"1", "2", "3", "4", "5", "6", "7", "13", "9999", "abc"},
        fuzz::as_text(data, size),
        "https://pagure.example.org/plum/pear");
    return 0;
}
