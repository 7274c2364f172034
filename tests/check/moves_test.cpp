#include "engine/check/moves.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using namespace checkwatches;
using namespace checkwatches::check;

namespace {

// The new base as text; empty where there is none.
std::string moved(std::string_view base, std::string_view asked, std::string_view now)
{
    auto const to = moved_base(parse_url(base).value(), parse_url(asked).value(), parse_url(now).value());
    return to ? to->text() : std::string{};
}

struct row {
    std::string_view base;
    std::string_view asked;
    std::string_view now;
    std::string_view to;
};

} // namespace

TEST_CASE("moves: another address for the same thing")
{
    for (auto const& [base, asked, now, to] : {
             row{"http://bugs.x.org/",
                 "http://bugs.x.org/show_bug.cgi?id=7",
                 "https://bugs.x.org/show_bug.cgi?id=7",
                 "https://bugs.x.org/"},
             row{"https://bugs.old.org/",
                 "https://bugs.old.org/rest/bug/7",
                 "https://bugs.new.org/rest/bug/7",
                 "https://bugs.new.org/"},
             row{"https://old.org/bugzilla",
                 "https://old.org/bugzilla/rest/bug?id=7,8",
                 "https://bugs.new.org/rest/bug?id=7,8",
                 "https://bugs.new.org/"},
             row{"https://bugs.old.org/",
                 "https://bugs.old.org/rest/version",
                 "https://new.org/trackers/bugs/rest/version",
                 "https://new.org/trackers/bugs/"},
             row{"https://x.org/trac/",
                 "https://x.org/trac/ticket/7",
                 "https://x.org/projects/trac/ticket/7",
                 "https://x.org/projects/trac/"},
             row{"https://x.org/trac",
                 "https://x.org/trac/ticket/7",
                 "https://x.org:8443/trac/ticket/7",
                 "https://x.org:8443/trac"},
             // The question alone tells one thing from another.
             row{"http://x.org/", "http://x.org/?id=7", "https://x.org/?id=7", "https://x.org/"},
             row{"https://forge.org/a/b",
                 "https://forge.org/a/b/issues/7",
                 "https://forge.org/c/d/issues/7",
                 "https://forge.org/c/d"},
         }) {
        INFO(asked << " -> " << now);
        CHECK(moved(base, asked, now) == to);
    }
}

TEST_CASE("moves: what is no move of the tracker")
{
    for (auto const& [base, asked, now, to] : {
             // A login, by another path and by a gate in front.
             row{"https://x.org/",
                 "https://x.org/rest/bug/7",
                 "https://x.org/login?next=%2Frest%2Fbug%2F7",
                 ""},
             row{"https://x.org/", "https://x.org/rest/bug/7", "https://x.org/login/rest/bug/7", ""},
             row{"https://x.org/", "https://x.org/rest/bug/7", "https://sso.org/realm/auth/rest/bug/7", ""},
             // A front page.
             row{"https://x.org/", "https://x.org/rest/bug/7", "https://new.org/", ""},
             row{"https://x.org/", "https://x.org/", "https://new.org/", ""},
             row{"https://x.org/t", "https://x.org/t/", "https://new.org/t/", ""},
             // Another bug.
             row{"https://x.org/", "https://x.org/show_bug.cgi?id=7", "https://x.org/show_bug.cgi?id=9", ""},
             row{"https://x.org/", "https://x.org/bug/7", "https://new.org/bug/17", ""},
             row{"https://x.org/", "https://x.org/7", "https://new.org/bug17", ""},
             row{"https://x.org/", "https://x.org/show_bug.cgi?id=7", "https://new.org/show_bug.cgi", ""},
             // The same tracker.
             row{"https://x.org/", "https://x.org/bug/7", "https://x.org/bug/7", ""},
             row{"https://x.org/t", "https://x.org/t/bug/7", "https://x.org/t/bug/7", ""},
             // Less safe than before.
             row{"https://x.org/", "https://x.org/bug/7", "http://x.org/bug/7", ""},
             // What was asked is not the tracker's own: an API elsewhere, a neighbour.
             row{"https://x.org/", "https://api.x.org/bug/7", "https://api.new.org/bug/7", ""},
             row{"https://x.org/t", "https://x.org/trac/bug/7", "https://new.org/trac/bug/7", ""},
             row{"https://x.org/", "https://x.org/bug/7", "https://x.org//bug/7", ""},
         }) {
        INFO(asked << " -> " << now);
        CHECK(moved(base, asked, now) == to);
    }
}
