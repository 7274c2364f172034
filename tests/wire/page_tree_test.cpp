#include "adapters/wire/page_tree.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using wire::page_tree;

namespace {

constexpr std::string_view page =
    "<html><head><title>Bug &#8470;&nbsp;7 &mdash; pl&uuml;m</title><style>td { color: red }</style></head>\n"
    "<body><table class=\"box wide\" id=results>\n<tr><th>Id<th>Summary\n"
    "<tr><td><a href=\"?7\">#7</a><td class='bug-status x'>None \n &nbsp; yet<br>so\n"
    "<tr><td>#8<td>a &lt; b &amp;&amp; c <script>alert(1)</script></table>\n"
    "<div><p>one<div><p data-x=\"1\">two</div></div></body></html>";

std::string texts(page_tree const& tree, std::string_view selector)
{
    std::string out;
    for (auto const one : tree.select(selector))
        out += "[" + one.text() + "]";
    return out;
}

} // namespace

TEST_CASE("page tree: cells without end tags, entities and blanks")
{
    auto const tree = page_tree::parse(page);
    REQUIRE(tree);
    CHECK(texts(*tree, "title") == "[Bug № 7 — plüm]");
    CHECK(texts(*tree, "td") == "[#7][None yet so][#8][a < b && c]");
    CHECK(tree->root().name() == "html");
}

TEST_CASE("page tree: selectors")
{
    auto const tree = page_tree::parse(page);
    REQUIRE(tree);
    struct row {
        char const* selector;
        char const* texts;
    };
    for (auto const& r : std::vector<row>{
             {"td.bug-status", "[None yet so]"},
             {"TD.x.bug-status", "[None yet so]"},
             {"td.bug", ""},
             {"#results a", "[#7]"},
             {"table[class='box wide'] th", "[Id][Summary]"},
             {"[data-x]", "[two]"},
             {"p[data-x=2]", ""},
             {"body > div > p", "[one]"},
             {"div div > p, th", "[Id][Summary][two]"},
             {"table.wide td > a", "[#7]"},
             {"body > a", ""},
             {"*[href]", "[#7]"},
             {"td..x", ""},
             {"> td", ""},
             {"td >", ""},
             {"td,", ""},
             {"td:first-child", ""},
             {"", ""}}) {
        CAPTURE(r.selector);
        CHECK(texts(*tree, r.selector) == r.texts);
    }
}

TEST_CASE("page tree: from an element on")
{
    auto const tree = page_tree::parse(page);
    REQUIRE(tree);
    auto const cell = tree->select("#results td").front();
    CHECK(cell.name() == "td");
    CHECK(cell.next().text() == "None yet so");
    CHECK(cell.first_child().attribute("href") == "?7");
    CHECK(cell.parent().select("td").size() == 2);
    CHECK(cell.select("a").size() == 1);
    CHECK_FALSE(cell.next().next());
    CHECK_FALSE(wire::page_element{}.next());
    CHECK(wire::page_element{}.text().empty());
}

TEST_CASE("page tree: what is no page, too large or too deep is refused")
{
    CHECK(page_tree::parse("").error().kind == error_kind::unparsable);
    CHECK(page_tree::parse("   \n").error().kind == error_kind::unparsable);
    CHECK(page_tree::parse(std::string(5'000'000, 'x')).error().kind == error_kind::too_large);
    std::string deep;
    for (int i = 0; i != 100'000; ++i)
        deep += "<div>";
    CHECK(page_tree::parse(deep).error().kind == error_kind::unparsable);
    CHECK(page_tree::parse("plain words")->root().text() == "plain words");
}

TEST_CASE("page tree: it reads nothing but what it is given")
{
    auto const tree = page_tree::parse(
        "<!DOCTYPE html [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><html><body><p>&x;</p></body></html>");
    REQUIRE(tree);
    CHECK(tree->root().text().find("root:") == std::string::npos);
}
