#include "engine/core/toml_hazard.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>

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
        sample{"a = '\xc3\xa4' = 1", 1, 9},
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
    auto const found = toml_hazard(one.text);
    REQUIRE(found);
    CHECK(found->at.line == one.line);
    CHECK(found->at.column == one.column);
    CHECK(found->what == "no TOML has such a character here");
}

TEST_CASE("keys of too many parts are found before toml++ makes tables of them")
{
    auto const key = [](std::size_t parts, std::string_view part) {
        std::string out{part};
        for (std::size_t i = 1; i != parts; ++i)
            out.append(".").append(part);
        return out;
    };
    for (auto const* const part : {"a", " \"b.c\"\t", "'.'"}) {
        auto const longest = key(16, part);
        auto const over = longest + '.' + part;
        CHECK_FALSE(toml_hazard(longest + " = 1.5\n" + longest + "=2 # " + key(99, "c")));
        CHECK_FALSE(
            toml_hazard("[" + longest + "]\n[[" + longest + "]]\na = {" + longest + " = 1, b = 1.5}"));
        CHECK_FALSE(
            toml_hazard("a = [1.5, {" + longest + " = 2.5},\n{" + longest + " = \"" + key(99, "c") + "\"}]"));
        for (auto const* const before :
             {"",
              "a = 1.5\n",
              "[",
              "[[",
              "a = {",
              "a = {b = [1.5], ",
              "a = [{b = 1},\n{",
              "a = [\n{b = {c = 1}, "}) {
            auto const found = toml_hazard(before + over + " = 1");
            REQUIRE(found);
            CHECK(found->what == "the keys have too many parts");
        }
    }
    std::string many;
    for (int i = 0; i != 5'000; ++i)
        many += fmt::format("a{}.b.c = 1.5\n", i);
    CHECK_FALSE(toml_hazard(many));
    auto const found = toml_hazard(many + "a.b = 1");
    REQUIRE(found);
    CHECK(found->at.line == 5'001);
}

TEST_CASE("many lists of tables are found before toml++ looks for each in all of them")
{
    std::string one;
    std::string many;
    for (int i = 0; i != 1'001; ++i) {
        one += fmt::format("[[watch]] # {}\na = 1\n", i);
        many += fmt::format("[[\"#{}\"]]\na = [[1]]\n", i);
    }
    CHECK_FALSE(toml_hazard(one));
    auto const found = toml_hazard(many);
    REQUIRE(found);
    CHECK(found->at.line == 2'001);
    CHECK(found->what == "there are too many lists of tables");
}
