#include "adapters/wire/html.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

using namespace checkwatches::wire;

namespace {

page_top top(std::string_view body)
{
    return read_top(body, "text/html; charset=utf-8");
}

} // namespace

TEST_CASE("title and heading are found and read in one line")
{
    auto const t = top("<!DOCTYPE html><HTML><head><Title\n id=\"t\">\n  404 Error\n  – Demo\n</TITLE></head>"
                       "<body><h1 class=\"x\">Ticket <b>99</b>\n is &lt;gone&gt;</h1><h1>second</h1>");
    CHECK(t.title == "404 Error – Demo");
    CHECK(t.heading == "Ticket 99 is <gone>");
    CHECK(t.tagged);
    CHECK(t.markup.find("<title\n id=\"t\">") != std::string::npos);
    CHECK(t.text.find("<Title\n") != std::string::npos);
}

TEST_CASE("the entities that titles use are written out, each once")
{
    CHECK(
        top("<title>Making sure you&#39;re &amp;amp; &quot;no&quot; bot &ndash;&nbsp;x &copy;</title>").title
        == "Making sure you're &amp; \"no\" bot – x &copy;");
}

TEST_CASE("a title that is not there, not closed or not an element is empty")
{
    std::string_view const body = GENERATE(
        "",
        "<p>x</p>",
        "<title>x",
        "<title",
        "<titlebar>x</titlebar>",
        "</title>",
        "<title></title>",
        "<title/>");
    INFO(body);
    CHECK(top(body).title.empty());
}

TEST_CASE("a text without tags is known as such")
{
    CHECK_FALSE(top("Down for maintenance").tagged);
    CHECK(top("a < b").tagged);
}

TEST_CASE("only the top of a page is read, and no character is cut there")
{
    std::string const filler(64 * 1024 - 15, 'x');
    CHECK(top(filler + "<title>seen</title>").title.empty());
    // Undeclared, so that half a character would make the whole page Windows-1252.
    std::string page = "<title>Müll</title>" + std::string(64 * 1024 - 22, 'x') + "\U0001F41B and more";
    for (int i = 0; i != 4; ++i, page.insert(page.size() / 2, "x")) {
        auto const t = read_top(page, "text/html");
        CHECK(t.title == "Müll");
        CHECK(t.text.size() <= 64 * 1024);
    }
}

TEST_CASE("a line is cut between characters")
{
    CHECK(one_line("  a \t\r\n b  ", 10) == "a b");
    CHECK(one_line("abcdef", 6) == "abcdef");
    CHECK(one_line("abcdefg", 6) == "abcdef…");
    CHECK(one_line("abcde€", 6) == "abcde…");
    CHECK(one_line("abcde€", 7) == "abcde…");
    CHECK(one_line("abcde€", 8) == "abcde€");
    CHECK(one_line("\U0001F41B\U0001F41B", 7) == "\U0001F41B…");
    CHECK(one_line("€", 0) == "…");
    CHECK(one_line("", 0).empty());
}
