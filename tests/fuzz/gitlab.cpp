#include "adapters/gitlab.hpp"

#include "tests/fuzz/looks.hpp"

#include <array>

using namespace checkwatches;

// What is known of the GitLab, and what it answers: to a list, to single issues, by GraphQL, and about notes.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static constexpr std::array<char const*, 3> protocols{"rest", "rest+graphql", "rest+status /git"};
    static auto const kind = adapters::make_gitlab();
    if (size == 0)
        return 0;
    capabilities const can{
        .protocol = protocols[data[0] % protocols.size()],
        .batch = 100,
        .login = (data[0] & 0x80U) != 0 ? "token" : ""};
    auto const script = fuzz::as_text(data + 1, size - 1);
    fuzz::check_look(*kind, can, {"1", "2", "13", "9999", "abc"}, script);

    auto const answers = fuzz::answers_of(script);
    std::size_t asked = 0;
    test::canned_remote at{
        "https://tracker.example.org/git/a/b", [&](adapters::request const&) -> result<adapters::reply> {
            ++asked;
            if (answers.empty())
                return error{.kind = error_kind::timeout};
            return answers[std::min(asked, answers.size()) - 1];
        }};
    auto const notes = test::run(kind->read_comments(at, can, "1", std::nullopt));
    fuzz::claim(asked <= 100, "the pages of notes are bounded");
    fuzz::claim(!notes || !notes->empty(), "there is a report at least");
    return 0;
}
