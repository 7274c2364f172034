#include "adapters/links.hpp"
#include "adapters/registry.hpp"
#include "tests/support/canned_remote.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

// "php https://bugs.php.net/ 42" for each kind that a link has the shape of.
std::vector<std::string> kinds_of(char const* link)
{
    adapters::registry const all;
    auto const url = parse_link(link).value();
    std::vector<std::string> out;
    for (auto const& kind : all.all())
        if (auto const bug = kind->recognise(url); bug && !kind->features().polled)
            out.push_back(std::string{kind->kind()} + " " + bug->base.text() + " " + bug->remote_id);
    return out;
}

} // namespace

TEST_CASE("links: what is never asked for is recognised by its address alone")
{
    using texts = std::vector<std::string>;
    CHECK(kinds_of("https://bugs.php.net/bug.php?id=0042") == texts{"php https://bugs.php.net/ 42"});
    CHECK(kinds_of("https://example.org/bug.php?id=42") == texts{});
    CHECK(kinds_of("https://bugs.php.net/bug.php") == texts{});
    CHECK(
        kinds_of("http://code.google.com/p/chromium/issues/detail?id=7")
        == texts{"googlecode http://code.google.com/p/chromium/issues/ 7"});
    for (auto const* const old :
         {"https://sourceforge.net/support/tracker.php?aid=07",
          "http://sf.net/tracker/?func=detail&aid=7&group_id=5&atid=6",
          "https://sourceforge.net/tracker2/index.php?aid=7"})
        CHECK(kinds_of(old) == texts{"sourceforge https://sourceforge.net/ 7"});
    CHECK(kinds_of("https://sourceforge.net/p/plum/bugs/7/") == texts{});
    CHECK(kinds_of("https://example.org/tracker/?aid=7") == texts{});
    CHECK(kinds_of("mailto:dev@example.org") == texts{"email mailto: dev@example.org"});
    CHECK(kinds_of("MAILTO:dev@example.org?subject=x") == texts{"email mailto: dev@example.org"});
}

TEST_CASE("links: each leads back to where it came from")
{
    adapters::registry const all;
    for (auto const* const link :
         {"https://bugs.php.net/bug.php?id=42",
          "http://code.google.com/p/chromium/issues/detail?id=7",
          "https://sourceforge.net/support/tracker.php?aid=7",
          "mailto:dev@example.org"}) {
        INFO(link);
        auto const name = kinds_of(link).at(0);
        auto const* const kind = all.find(name.substr(0, name.find(' ')));
        auto const bug = kind->recognise(parse_link(link).value()).value();
        CHECK(kind->bug_url(bug.base, bug.remote_id).text() == link);
    }
}

TEST_CASE("links: nobody is asked")
{
    auto const php = adapters::make_php();
    test::canned_remote at{"https://bugs.php.net/", [](auto const&) -> result<adapters::reply> {
                               return error{.kind = error_kind::timeout};
                           }};
    CHECK(test::run(php->probe(at)).error().kind == error_kind::unsupported);
    std::vector<std::string> const ids{"42"};
    auto const found = test::run(php->look(at, {}, ids));
    CHECK(found.found.empty());
    CHECK(found.trouble.value().kind == error_kind::unsupported);
    CHECK(at.asked.empty());
}
