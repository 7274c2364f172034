#include "adapters/wire/blocks.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using wire::read_blocks;

namespace {

// The blocks of a text that can be read, as one text: "[name=value|name=value|!other]".
std::string shown(std::string_view text, std::string_view divider)
{
    auto const blocks = read_blocks(text, divider);
    REQUIRE(blocks);
    std::string out;
    for (auto const& block : *blocks) {
        std::string inside;
        for (auto const& [name, value] : block.fields)
            inside += (inside.empty() ? "" : "|") + name + "=" + value;
        for (auto const& other : block.others)
            inside += (inside.empty() ? "!" : "|!") + other;
        out += "[" + inside + "]";
    }
    return out;
}

} // namespace

TEST_CASE("A block is a list of fields")
{
    CHECK(shown("id: ticket/7\nStatus: open\nCc:\n", "--") == "[id=ticket/7|Status=open|Cc=]");
    CHECK(shown("id: ticket/7\r\nStatus: open\r\n\r\n", "--") == "[id=ticket/7|Status=open]");
    CHECK(shown("Subject:no blank: and a colon  ", "") == "[Subject=no blank: and a colon]");
    CHECK(shown("", "--").empty());
    CHECK(shown("\n\n", "--").empty());
    CHECK(shown("--\n--\n", "--").empty());
}

TEST_CASE("A line that says so divides blocks")
{
    CHECK(shown("id: 1\n\n--\n\nid: 2\n--\n", "--") == "[id=1][id=2]");
    CHECK(shown("id: 1\n\n\nid: 2\n", "") == "[id=1][id=2]");
    CHECK(shown("id: 1\n---\nid: 2\n-- \nid: 3\n", "--") == "[id=1|id=2|id=3|!---|!-- ]");
}

TEST_CASE("An indented line continues the value")
{
    CHECK(shown("Subject: a long\n  one\n\tindeed\nTo: x\n", "") == "[Subject=a long\none\nindeed|To=x]");
    CHECK(
        shown("Content:\n         first\n         \n         third\n      \n", "--")
        == "[Content=first\n\nthird]");
    CHECK(shown(" continues nothing\nTo: x\n", "") == "[To=x|! continues nothing]");
}

TEST_CASE("Lines that are no fields are kept")
{
    CHECK(shown("# Ticket 9 does not exist.\n\nid: 9\n", "--") == "[id=9|!# Ticket 9 does not exist.]");
    CHECK(shown("#x: y\n", "--") == "[!#x: y]");
    CHECK(shown("No matching results.\n", "--") == "[!No matching results.]");
    CHECK(
        shown("From someone Mon Jan  5 10:00:00 2026\nTo: x\n", "")
        == "[To=x|!From someone Mon Jan  5 10:00:00 2026]");
    CHECK(shown(": no name\n", "--") == "[!: no name]");
    CHECK(shown("N\xC3\xA4me: x\n", "--") == "[!N\xC3\xA4me: x]");
}

TEST_CASE("A name may hold blanks in braces")
{
    CHECK(shown("CF.{Found in: here}: 1.2\n", "--") == "[CF.{Found in: here}=1.2]");
    CHECK(shown("CF.{never closed: 1.2\n", "--") == "[!CF.{never closed: 1.2]");
}

TEST_CASE("A field is found without regard to case, and the first one counts")
{
    auto const blocks = read_blocks("Status: open\nstatus: done\n", "--");
    REQUIRE(blocks);
    auto const& block = blocks->front();
    REQUIRE(block.field("STATUS") != nullptr);
    CHECK(*block.field("STATUS") == "open");
    CHECK(block.field("Sta") == nullptr);
}

TEST_CASE("Lines are counted")
{
    CHECK(read_blocks("a: 1\nb: 2", "--", 2));
    auto const more = read_blocks("a: 1\nb: 2\nc: 3", "--", 2);
    REQUIRE_FALSE(more);
    CHECK(more.error().kind == error_kind::unparsable);
}
