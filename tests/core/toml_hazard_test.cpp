#include "engine/core/toml_hazard.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

TEST_CASE("what may be TOML passes")
{
    std::string_view const text = GENERATE(
        "",
        "a = 1\n[b]\n[[c.\"d\"]]\n [ 'e' ]\r\n# [!\nf = [1,\n[2], ['x'],\n[]]\n",
        "\xef\xbb\xbf[a]\n",
        "[]",
        "a = \"[!\"",
        "a = {b = [{c = [1]}, 2], d = {e = 1}, f = 2}\nd = 1\n",
        "a = [\n  [ # a list\n  ],\n  [{b = 1}],\n]\n[c]\n",
        "a = \"[!\"\nb = '\xc3\xa4' # \xc3\xa4\n\"\xc3\xa4\" = 1",
        "a = \"\"\"\n[!\n\"\xc3\xa4\\\"\"\"\"\"\n[b]\nc = '''\n[!'''\n",
        "a = \"\\\"\xc3\xa4\"\n");
    INFO(text);
    CHECK_FALSE(toml_hazard(text));
}

TEST_CASE("what toml++ takes for granted is found before it reads")
{
    struct sample {
        std::string_view text;
        std::int64_t line;
        std::int64_t column;
    };
    auto const one = GENERATE(
        sample{"[!a]", 1, 1},
        sample{"a = 1\n\t[[ =b]]\n", 2, 2},
        sample{"[", 1, 1},
        sample{"[\n", 1, 1},
        sample{"[a]\n[\xc3\xa4]\n", 2, 1},
        sample{"[[[", 1, 1},
        sample{"a = 1\nb = \x01", 2, 5},
        sample{"[\x03[", 1, 1},
        sample{"a = 'x\n'\n\xc3\xa4 = 1", 3, 1},
        sample{"a\xd2\x86 = 1", 1, 2},
        sample{"a = \"\"\"x\"\"\"\"\"\n[!]", 2, 1},
        sample{"a = [1]\n[!]", 2, 1},
        sample{"a = [1, }", 1, 9},
        sample{"a = {b = [[1], {c = 1}}", 1, 23},
        sample{"a = 3\"\xc3\xa4\"", 1, 6},
        sample{"a = 5b='\xc3\xa4'", 1, 7},
        sample{"a = {b = 1, c = 5d='\xc3\xa4'}", 1, 19},
        sample{"# \x01", 1, 3},
        sample{"a = '''\n\x01'''", 2, 1});
    INFO(one.text);
    auto const at = toml_hazard(one.text);
    REQUIRE(at);
    CHECK(at->line == one.line);
    CHECK(at->column == one.column);
}
