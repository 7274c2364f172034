#include "adapters/described.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// A description from somebody's folder, and what a tracker answers to each of those that come with the
// program: which of them, says the first byte.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kinds = [] {
        std::vector<std::unique_ptr<adapters::adapter const>> out;
        for (auto const& [name, text] : adapters::shipped_descriptions())
            out.push_back(adapters::make_described(text, std::string{name}).value());
        return out;
    }();
    if (size == 0)
        return 0;
    auto const text = fuzz::as_text(data + 1, size - 1);
    std::size_t const which = data[0] % (kinds.size() + 1);
    if (which == kinds.size()) {
        auto const made = adapters::make_described(text, "kind.toml");
        if (made)
            static_cast<void>(
                (*made)->recognise({.scheme = "https", .host = "h.example", .port = 443, .path = "/a/1"}));
        return 0;
    }
    capabilities const can{.protocol = "json", .batch = 100};
    fuzz::check_look(
        *kinds[which],
        can,
        {"1", "2", "13", "9999", "abc", "f0e4c2f7", "0123456789abcdef"},
        text,
        "https://described.example.org/plum");
    return 0;
}
