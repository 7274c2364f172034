#include "adapters/gitlab.hpp"
#include "tests/support/print.hpp"
#include "tests/support/scripted_remote.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::url;

TEST_CASE("GitLab: addresses of bugs")
{
    auto const gitlab = adapters::make_gitlab();
    struct sample {
        std::string address;
        std::string base;
        std::string id;
    };
    std::vector<sample> const samples{
        {"https://gitlab.com/tools/plum/-/issues/42", "https://gitlab.com/tools/plum", "42"},
        {"https://gitlab.com/tools/plum/-/issues/042/designs/x.png?a=1",
         "https://gitlab.com/tools/plum",
         "42"},
        {"https://gitlab.gnome.org/GNOME/gtk/-/issues/7/", "https://gitlab.gnome.org/GNOME/gtk", "7"},
        {"https://host/a/b/c/d/-/work_items/3", "https://host/a/b/c/d", "3"},
        {"https://host/git/a/b/-/issues/incident/9", "https://host/git/a/b", "9"},
        {"https://host/a/b/-/incidents/9", "https://host/a/b", "9"},
        {"http://127.0.0.1:8080/tools/plum/issues/5", "http://127.0.0.1:8080/tools/plum", "5"},
        {"https://host/a/b/c/issues/5", "https://host/a/b/c", "5"},
        {"https://host/api/v4/projects/a%2Fb%2Fc/issues/5", "https://host/a/b/c", "5"},
        {"https://host/git/api/v4/projects/a%2fb/issues/5", "https://host/git/a/b", "5"},
        {"https://host/a/b/-/issues/12x", "https://host/a/b", "12x"},
        {"https://host/a/b/-/issues/99999999999", "https://host/a/b", "99999999999"}};
    for (auto const& s : samples) {
        CAPTURE(s.address);
        auto const ref = gitlab->recognise(url(s.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == s.base);
        CHECK(ref->remote_id == s.id);
        auto const again = gitlab->recognise(gitlab->bug_url(ref->base, ref->remote_id));
        REQUIRE(again);
        CHECK(again->base == ref->base);
        CHECK(again->remote_id == ref->remote_id);
    }
}

TEST_CASE("GitLab: what names no bug of a project is not recognised")
{
    auto const gitlab = adapters::make_gitlab();
    for (auto const* const other :
         {"https://github.com/tools/plum/issues/42",
          "https://sourceforge.net/p/plum/issues/42",
          "https://host/tools/plum/-/issues",
          "https://host/tools/plum/-/issues/new",
          "https://host/tools/plum/-/merge_requests/4",
          "https://host/tools/plum/issues/new",
          "https://host/tools/plum/issues/5/edit",
          "https://host/groups/tools/-/work_items/5",
          "https://host/groups/tools/-/epics/5",
          "https://host/issues/5",
          "https://host/plum/issues/5",
          "https://host/projects/plum/issues/5",
          "https://host/redmine/projects/plum/issues/5",
          "https://host/api/v4/projects/15/issues/5",
          "https://host/-/issues/5",
          "https://host/"})
        CHECK_FALSE(gitlab->recognise(url(other)));
}

TEST_CASE("GitLab: people read a bug below its project, however the project was written")
{
    auto const gitlab = adapters::make_gitlab();
    for (auto const* const base :
         {"https://host/a/b", "https://host/a/b/", "https://host/a/b/-/issues", "https://host/a/b/issues/"})
        CHECK(gitlab->bug_url(url(base), "5").text() == "https://host/a/b/-/issues/5");
    CHECK(gitlab->bug_url(url("https://host/a/issues"), "5").text() == "https://host/a/issues/-/issues/5");
}

TEST_CASE("GitLab: one spelling of an id")
{
    auto const gitlab = adapters::make_gitlab();
    CHECK(gitlab->normalise("#042") == "42");
    CHECK(gitlab->normalise(" 42 ") == "42");
    CHECK(gitlab->normalise("2147483647") == "2147483647");
    for (auto const* const wrong : {"", "abc", "-1", "0", "4 2", "2147483648", "999999999999999999", "!42"})
        CHECK_FALSE(gitlab->normalise(wrong));
}
