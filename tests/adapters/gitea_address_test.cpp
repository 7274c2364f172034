#include "adapters/gitea.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::url;

TEST_CASE("Gitea: the address of an issue or a pull request names a repository and a number")
{
    struct row {
        char const* address;
        char const* base;
        char const* id;
    };
    auto const gitea = adapters::make_gitea();
    for (auto const& r : std::vector<row>{
             {"https://codeberg.org/plum/pear/issues/042", "https://codeberg.org/plum/pear", "42"},
             {"https://codeberg.org/plum/pear/pulls/7/", "https://codeberg.org/plum/pear", "7"},
             {"https://codeberg.org/plum/pear/pulls/7/files", "https://codeberg.org/plum/pear", "7"},
             {"http://127.0.0.1:3000/plum/pear/issues/7?x=1", "http://127.0.0.1:3000/plum/pear", "7"},
             {"https://e.org/git/plum/pear/issues/7#issuecomment-1", "https://e.org/git/plum/pear", "7"},
             {"https://codeberg.org/plum/pear/issues/seven", "https://codeberg.org/plum/pear", "seven"}}) {
        INFO(r.address);
        auto const ref = gitea->recognise(url(r.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == r.base);
        CHECK(ref->remote_id == r.id);
        CHECK(gitea->bug_url(ref->base, ref->remote_id).text() == std::string{r.base} + "/issues/" + r.id);
    }
}

TEST_CASE("Gitea: what is surely another's, and what is no issue, is left alone")
{
    auto const gitea = adapters::make_gitea();
    for (auto const* const other :
         {"https://github.com/plum/pear/issues/7",
          "https://gitlab.com/plum/pear/issues/7",
          "https://forge.example.org/plum/pear/-/issues/7",
          "https://forge.example.org/issues/7",
          "https://forge.example.org/pear/issues/7",
          "https://forge.example.org/plum/pear/issues",
          "https://forge.example.org/plum/pear/issue/7",
          "https://forge.example.org/plum/pear/releases/7",
          "https://forge.example.org/"})
        CHECK_FALSE(gitea->recognise(url(other)));
}

TEST_CASE("Gitea: a number has one spelling")
{
    auto const gitea = adapters::make_gitea();
    CHECK(gitea->normalise(" #042") == "42");
    CHECK_FALSE(gitea->normalise("0"));
    CHECK_FALSE(gitea->normalise("seven"));
}
