#include "adapters/roundup.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

verdict of(raw_words const& words)
{
    return adapters::make_roundup()->interpret(words);
}

std::optional<status> state(std::string status, std::string resolution = {})
{
    return of({.status = std::move(status), .resolution = std::move(resolution)}).state;
}

} // namespace

TEST_CASE("Roundup: addresses of issues")
{
    auto const kind = adapters::make_roundup();
    auto const got = kind->recognise(test::url("https://bugs.example.org/roundup/issue042?@ok_message=x"));
    REQUIRE(got);
    CHECK(got->base.text() == "https://bugs.example.org/roundup/");
    CHECK(got->remote_id == "42");
    CHECK(kind->bug_url(got->base, "42").text() == "https://bugs.example.org/roundup/issue42");
    for (auto const* const url :
         {"https://bugs.example.org/issue",
          "https://bugs.example.org/issue/42",
          "https://bugs.example.org/issues42",
          "https://bugs.example.org/issue42/x",
          "https://bugs.example.org/tissue42",
          "https://bugs.example.org/issue42a"})
        CHECK_FALSE(kind->recognise(test::url(url)));
    CHECK(kind->normalise("issue042") == "42");
    CHECK(kind->normalise("#42") == "42");
    CHECK_FALSE(kind->normalise("msg42"));
}

TEST_CASE("Roundup: the classic template's statuses")
{
    std::pair<char const*, status> const rows[]{
        {"unread", status::new_},
        {"deferred", status::confirmed},
        {"chatting", status::incomplete},
        {"need-eg", status::incomplete},
        {"in-progress", status::in_progress},
        {"testing", status::in_progress},
        {"done-cbb", status::fix_committed},
        {"resolved", status::fix_released},
        {"new", status::new_},
        {"open", status::new_},
        {"languishing", status::confirmed},
        {"pending", status::incomplete},
        {"closed", status::fix_released}};
    for (auto const& [word, meant] : rows)
        CHECK(state(word) == meant);
    CHECK(state("In Progress") == status::in_progress);
}

TEST_CASE("Roundup: a resolution says how an issue was closed")
{
    CHECK(state("closed", "fixed") == status::fix_released);
    CHECK(state("open", "fixed") == status::fix_committed);
    CHECK(state("closed", "None") == status::wont_fix);
    CHECK(state("open", "None") == status::new_);
    CHECK(state("languishing", "None") == status::confirmed);
    CHECK(state("pending", "None") == status::incomplete);
    CHECK(state("closed", "duplicate") == status::invalid);
    CHECK(state("open", "duplicate") == status::confirmed);
    CHECK(state("closed", "wont fix") == status::wont_fix);
    CHECK(state("closed", "won't fix") == status::wont_fix);
    CHECK(state("closed", "works for me") == status::invalid);
    CHECK(state("closed", "not a bug") == status::invalid);
    CHECK(state("closed", "out of date") == status::invalid);
    CHECK(state("open", "postponed") == status::confirmed);
    CHECK(state("pending", "postponed") == status::wont_fix);
    CHECK(state("closed", "accepted") == status::fix_committed);
}

TEST_CASE("Roundup: unknown words and bare numbers are listed")
{
    for (raw_words const& words :
         {raw_words{.status = "sleeping"},
          raw_words{.status = "8"},
          raw_words{.status = "closed", .resolution = "odd"}}) {
        auto const v = of(words);
        CHECK_FALSE(v.state.has_value());
        CHECK(v.unmapped == std::vector<unmapped_word>{{.field = "status", .word = remote_status(words)}});
    }
}

TEST_CASE("Roundup: importances")
{
    std::pair<char const*, importance> const rows[]{
        {"critical", importance::critical},
        {"release blocker", importance::critical},
        {"urgent", importance::high},
        {"high", importance::high},
        {"bug", importance::medium},
        {"normal", importance::medium},
        {"low", importance::low},
        {"feature", importance::wishlist},
        {"wish", importance::wishlist},
        {"", importance::unknown}};
    for (auto const& [word, meant] : rows)
        CHECK(of({.status = "new", .priority = word}).weight == meant);
    auto const odd = of({.status = "new", .priority = "3"});
    CHECK_FALSE(odd.weight.has_value());
    CHECK(odd.unmapped == std::vector<unmapped_word>{{.field = "importance", .word = "3"}});
}
