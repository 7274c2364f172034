#include "adapters/jira.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// The protocol, and what the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 4> protocols{"search", "bulk", "jql", "single"};
    static auto const kind = adapters::make_jira();
    if (size == 0)
        return 0;
    capabilities const can{.protocol = protocols[data[0] % protocols.size()], .batch = 100};
    auto const script = fuzz::as_text(data + 1, size - 1);
    fuzz::check_look(*kind, can, {"A-1", "A-2", "A-13", "OLD-5", "abc"}, script);

    auto const answers = fuzz::answers_of(script);
    std::size_t asked = 0;
    test::canned_remote at{
        "https://tracker.example.org/", [&](adapters::request const&) -> result<adapters::reply> {
            ++asked;
            return answers.empty() ? result<adapters::reply>{error{.kind = error_kind::timeout}}
                                   : answers[std::min(asked, answers.size()) - 1];
        }};
    auto const comments = test::run(kind->read_comments(at, can, "A-1", std::nullopt));
    fuzz::claim(!comments || !comments->empty(), "the report is a comment");
    fuzz::claim(asked <= 100, "the pages of comments are bounded");
    return 0;
}
