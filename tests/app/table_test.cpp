#include "engine/app/table.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches::app;

TEST_CASE("columns align by characters, not bytes, and lines have no blanks at their ends")
{
    table t{{"A", "B", "C"}};
    t.add({"Ünï", "x", "last"});
    t.add({"a", "longer", ""});
    CHECK(t.text(0) == "A    B       C\nÜnï  x       last\na    longer\n");
}

TEST_CASE("the last column is cut to the terminal")
{
    table t{{"A", "TITLE"}};
    t.add({"1", "äöüßäöüßäöüß"});
    CHECK(t.text(12) == "A  TITLE\n1  äöüßäöüßä\n");
}

TEST_CASE("what a tracker sent cannot steer the terminal")
{
    CHECK(one_line("a\x1b[31mb\nc\td\x7f") == "a [31mb c d ");
    CHECK(one_line("x\xc2\x9bHy") == "x Hy"); // the 8-bit form of ESC [
    CHECK(one_line("Ünï → 日本") == "Ünï → 日本");
}
