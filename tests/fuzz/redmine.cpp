#include "adapters/redmine.hpp"

#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

// Whether it lists, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_redmine();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = data[0] % 2 == 0 ? "rest" : "single", .batch = 100};
    auto const script = fuzz::as_text(data + 1, size - 1);
    fuzz::check_look(*kind, can, {"1", "2", "13", "9999", "99999999999", "abc"}, script);

    auto const answers = fuzz::answers_of(script);
    test::canned_remote at{
        "https://tracker.example.org/", [&](adapters::request const&) -> result<adapters::reply> {
            return answers.empty() ? result<adapters::reply>{error{.kind = error_kind::timeout}}
                                   : answers.front();
        }};
    auto const notes = test::run(kind->read_comments(at, can, "1", std::nullopt));
    fuzz::claim(!notes || !notes->empty(), "the report is a comment");
    return 0;
}
