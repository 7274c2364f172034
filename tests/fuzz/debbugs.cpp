#include "adapters/debbugs.hpp"

#include "adapters/debbugs/spool.hpp"
#include "tests/fuzz/looks.hpp"

using namespace checkwatches;

namespace {

// Whatever the log is: each comment once and oldest first, none from before, and all of it text.
void check_comments(adapters::adapter const& kind, capabilities const& can, std::string_view script)
{
    auto const answers = fuzz::answers_of(script);
    std::size_t asked = 0;
    test::canned_remote at{
        "https://tracker.example.org/", [&](adapters::request const&) -> result<adapters::reply> {
            ++asked;
            if (answers.empty())
                return error{.kind = error_kind::timeout};
            return answers[std::min(asked, answers.size()) - 1];
        }};
    constexpr utc_time since{std::chrono::days{10'000}};
    for (auto const from : {std::optional<utc_time>{}, std::optional{since}}) {
        asked = 0;
        auto const got = test::run(kind.read_comments(at, can, "7", from));
        fuzz::claim(asked <= 2, "the requests are bounded");
        if (!got)
            continue;
        std::set<std::string> known;
        utc_time last = from.value_or(utc_time::min());
        for (auto const& one : *got) {
            fuzz::claim(one.at.has_value() && *one.at >= last, "comments come in order");
            fuzz::claim(known.insert(one.remote_id).second, "each comment comes once");
            fuzz::claim(
                fuzz::is_printable(one.text) && fuzz::is_printable(one.author), "comments are printable");
            last = *one.at;
        }
    }
}

} // namespace

// What the tracker answers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const kind = adapters::make_debbugs();
    capabilities const can{.protocol = "soap", .batch = 500, .comments = true};
    auto const script = fuzz::as_text(data, size);
    auto const summary = adapters::debbugs::read_summary(script);
    fuzz::claim(
        summary || summary.error().kind == error_kind::unparsable, "a summary that is none is unparsable");
    fuzz::check_look(*kind, can, {"1", "2", "13", "9999", "abc"}, script);
    check_comments(*kind, can, script);
    return 0;
}
