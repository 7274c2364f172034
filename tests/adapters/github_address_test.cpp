#include "adapters/github.hpp"
#include "tests/support/print.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::url;

TEST_CASE("GitHub: the addresses of one issue are one bug")
{
    struct sample {
        std::string address;
        std::string base;
        std::string id;
    };
    std::vector<sample> const samples{
        {"https://github.com/acme/widget/issues/42", "https://github.com/acme/widget", "42"},
        {"http://www.github.com/Acme/Widget/issues/042/#issuecomment-9",
         "https://github.com/acme/widget",
         "42"},
        {"https://github.com/acme/widget/pull/42", "https://github.com/acme/widget", "42"},
        {"https://github.com/acme/widget/pull/42/files?w=1", "https://github.com/acme/widget", "42"},
        {"https://api.github.com/repos/acme/widget/issues/42", "https://github.com/acme/widget", "42"},
        {"https://api.github.com/repos/acme/widget/issues/42/comments",
         "https://github.com/acme/widget",
         "42"},
        {"https://api.github.com/repos/acme/widget/pulls/42", "https://github.com/acme/widget", "42"},
        {"https://git.example.org/o_1/r.js/issues/7", "https://git.example.org/o_1/r.js", "7"},
        {"http://127.0.0.1:8080/acme/widget/pull/7", "http://127.0.0.1:8080/acme/widget", "7"},
        {"https://github.com/acme/widget/issues/12x", "https://github.com/acme/widget", "12x"}};
    auto const github = adapters::make_github();
    for (auto const& s : samples) {
        CAPTURE(s.address);
        auto const ref = github->recognise(url(s.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == s.base);
        CHECK(ref->remote_id == s.id);
        auto const again = github->recognise(github->bug_url(ref->base, ref->remote_id));
        REQUIRE(again);
        CHECK(again->base == ref->base);
        CHECK(again->remote_id == ref->remote_id);
    }
}

TEST_CASE("GitHub: what names no issue, or surely another kind's, is not recognised")
{
    auto const github = adapters::make_github();
    for (auto const* const other :
         {"https://github.com/acme/widget",
          "https://github.com/acme/widget/issues",
          "https://github.com/acme/widget/issues/new",
          "https://github.com/acme/widget/issues/created_by/al",
          "https://github.com/acme/widget/discussions/42",
          "https://github.com/acme/widget/pulls/42",
          "https://github.com/acme//issues/42",
          "https://github.com/issues/42",
          "https://git.example.org/a/b/issues/42/edit",
          "https://git.example.org/a/b/c/issues/42",
          "https://git.example.org/a/b/-/issues/42",
          "https://git.example.org/a%20b/c/issues/42",
          "https://tracker.example.org/projects/widget/issues/42",
          "https://gitlab.com/acme/widget/issues/42",
          "https://codeberg.org/acme/widget/issues/42"})
        CHECK_FALSE(github->recognise(url(other)));
}

TEST_CASE("GitHub: an id is a number of 31 bits")
{
    auto const github = adapters::make_github();
    CHECK(github->normalise("#042") == "42");
    CHECK(github->normalise("2147483647") == "2147483647");
    for (auto const* const wrong : {"", "0", "-1", "12x", "2147483648", "99999999999999999999"})
        CHECK_FALSE(github->normalise(wrong));
    CHECK(
        github->bug_url(url("https://github.com/acme/widget"), "42").text()
        == "https://github.com/acme/widget/issues/42");
}
