#include "engine/intake/gerrit/answer.hpp"
#include "engine/intake/gerrit/scan.hpp"
#include "engine/intake/gerrit/source.hpp"
#include "tests/fuzz/claim.hpp"

#include <string>

using namespace checkwatches;

namespace {

bool is_bug(std::string const& bug)
{
    return bug.size() <= intake::gerrit::most_digits && !bug.starts_with('0')
           && std::ranges::all_of(bug, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

// What a Gerrit answers, what a comment says, and a configured query.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::as_text(data, size);
    auto const bugs = intake::gerrit::rechecks_in(text);
    fuzz::claim(bugs.size() <= intake::gerrit::most_of_a_message, "a message names few bugs");
    for (auto const& bug : bugs) {
        fuzz::claim(is_bug(bug), "a bug is a number, or none");
        auto const spelt = bug.empty() ? std::string{"recheck no bug"} : "recheck bug " + bug;
        fuzz::claim(intake::gerrit::rechecks_in(spelt).size() == 1, "what was found is found again");
    }

    auto const age = "NOT age:" + std::string{text};
    for (auto const& query : {std::string{text}, age})
        if (auto const horizon = intake::gerrit::horizon_of(query))
            fuzz::claim(
                *horizon >= std::chrono::seconds{1} && *horizon <= 100'000 * std::chrono::days{365},
                "a horizon is a span that times can be reckoned with");

    adapters::reply answer{.status = 200, .body = std::string{text}};
    answer.headers.emplace_back("Content-Type", "application/json");
    utc_time const asked_at{std::chrono::days{20'000}};
    auto const got = intake::gerrit::read_answer(answer, asked_at);
    if (!got) {
        fuzz::claim(!got.error().message.empty(), "an error says what is wrong");
        return 0;
    }
    fuzz::claim(got->rows == 0 || !got->changes.empty(), "an answer of which nothing can be read is none");
    fuzz::claim(got->changes.size() <= got->rows, "a change is of the answer");
    fuzz::claim(got->newest >= got->oldest, "newest and oldest");
    fuzz::claim(got->newest <= asked_at, "nothing is of the future");
    for (auto const& one : got->said) {
        fuzz::claim(is_bug(one.bug) && one.change > 0, "what was said is of a bug and of a change");
        fuzz::claim(!one.message.empty() && !one.project.empty(), "it has an id and a project");
        fuzz::claim(one.at <= asked_at, "nothing was said in the future");
        fuzz::claim(one.project.size() <= 255 && fuzz::is_printable(one.project), "names are bounded");
    }
    return 0;
}
