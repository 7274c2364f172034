#include "adapters/wire/json.hpp"
#include "adapters/wire/text.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::wire;

namespace {

// A document that must be an object, kept with it.
struct object_document {
    json_document document{};
    json_object object{};
};

object_document object(std::string_view text)
{
    auto document = json_document::parse(text);
    REQUIRE(document);
    json_object found;
    REQUIRE(document->root().get_object().get(found) == simdjson::SUCCESS);
    return {.document = std::move(*document), .object = found};
}

std::string nested(int levels)
{
    return std::string(static_cast<std::size_t>(levels), '[')
           + std::string(static_cast<std::size_t>(levels), ']');
}

} // namespace

TEST_CASE("members are read as text")
{
    auto const in = object(
        R"({"s":"RESOLVED","e":"","u":"\u00e4\ud83d\udc1b","i":42,"n":-7,"big":18446744073709551615,)"
        R"("d":1.5,"whole":3.0,"nil":null,"t":true,"a":["x"],"o":{"x":"y"}})");
    CHECK(text_member(in.object, "s") == "RESOLVED");
    CHECK(text_member(in.object, "e").empty());
    CHECK(text_member(in.object, "u") == "ä\U0001F41B");
    CHECK(text_member(in.object, "i") == "42");
    CHECK(text_member(in.object, "n") == "-7");
    CHECK(text_member(in.object, "big") == "18446744073709551615");
    CHECK(text_member(in.object, "d") == "1.5");
    CHECK(text_member(in.object, "nil").empty());
    CHECK(text_member(in.object, "t").empty());
    CHECK(text_member(in.object, "a").empty());
    CHECK(text_member(in.object, "o").empty());
    CHECK(text_member(in.object, "nothing").empty());
    CHECK(text_member(in.object, "S").empty());
}

TEST_CASE("members are read as whole numbers")
{
    auto const in = object(
        R"({"i":42,"n":-7,"s":"43","z":"007","p":"+1","blank":" 1","e":"","x":"12a","d":1.5,)"
        R"("most":9223372036854775807,"more":9223372036854775808,"smore":"9223372036854775808","nil":null})");
    CHECK(integer_member(in.object, "i") == 42);
    CHECK(integer_member(in.object, "n") == -7);
    CHECK(integer_member(in.object, "s") == 43);
    CHECK(integer_member(in.object, "z") == 7);
    CHECK(integer_member(in.object, "most") == std::numeric_limits<std::int64_t>::max());
    std::string_view const none = GENERATE("p", "blank", "e", "x", "d", "more", "smore", "nil", "nothing");
    INFO(none);
    CHECK_FALSE(integer_member(in.object, none));
}

TEST_CASE("members are read as flags, arrays and objects")
{
    auto const in = object(R"({"t":true,"f":false,"i":1,"s":"true","a":[1,2],"o":{"x":"y"},"nil":null})");
    CHECK(flag_member(in.object, "t") == true);
    CHECK(flag_member(in.object, "f") == false);
    CHECK_FALSE(flag_member(in.object, "i"));
    CHECK_FALSE(flag_member(in.object, "s"));
    CHECK_FALSE(flag_member(in.object, "nothing"));
    REQUIRE(array_member(in.object, "a"));
    CHECK(array_member(in.object, "a")->size() == 2);
    CHECK_FALSE(array_member(in.object, "o"));
    CHECK_FALSE(array_member(in.object, "nothing"));
    REQUIRE(object_member(in.object, "o"));
    CHECK(text_member(*object_member(in.object, "o"), "x") == "y");
    CHECK_FALSE(object_member(in.object, "a"));
    CHECK_FALSE(object_member(in.object, "nil"));
}

TEST_CASE("control characters that escapes spell become blanks")
{
    auto const in = object(R"({"s":"a\u0000b\u001b[31m\u009b\n\tc"})");
    CHECK(text_member(in.object, "s") == "a b [31m \n\tc");
}

TEST_CASE("short escapes of control characters become blanks, others stay")
{
    auto const in = object(R"({"s":"a\bb\fc\\bd\"\/","cut":"\\"})");
    CHECK(text_member(in.object, "s") == "a b c\\bd\"/");
    CHECK(text_member(in.object, "cut") == "\\");
}

TEST_CASE("bytes are decoded before they are read")
{
    struct sample {
        std::string_view bytes{};
        std::string_view content_type{};
        std::string_view text{};
        std::size_t replaced = 0;
    };
    auto const s = GENERATE(
        sample{"{\"s\":\"na\xC3\xAFve\"}", "application/json", "naïve"},
        sample{"\xEF\xBB\xBF{\"s\":\"x\"}", "application/json; charset=utf-8", "x"},
        sample{"{\"s\":\"na\xEFve\"}", "application/json; charset=iso-8859-1", "naïve"},
        sample{"{\"s\":\"na\xEFve\"}", "application/json", "naïve"},
        sample{"{\"s\":\"na\xEFve\"}", "application/json; charset=utf-8", "na\uFFFDve", 1},
        sample{"{\"s\":\"a\x1B\x7F\xC2\x9Bz\"}", "application/json; charset=utf-8", "a   z", 3},
        sample{"{\"s\":\"\xC2\xA0\xC2\x85\"}", "application/json", "\u00A0 ", 1});
    INFO(s.bytes);
    auto const got = decode_json(s.bytes, s.content_type);
    REQUIRE(got);
    CHECK(text_member(got->document.root().get_object().value_unsafe(), "s") == s.text);
    CHECK(got->replaced == s.replaced);
    CHECK(decode_json("{", "application/json").has_error());
}

TEST_CASE("no text of a document has a control character, whether plain or spelt by an escape")
{
    std::vector<std::string> spelt{R"(\b)", R"(\f)", "\x7F"};
    for (unsigned c = 0; c != 0xA0; ++c)
        if (c < 0x20 || c >= 0x7F)
            spelt.push_back(fmt::format("\\u{:04x}", c));
    for (unsigned char c = 0; c != 0x20; ++c)
        if (c != '\t' && c != '\n' && c != '\r') // which JSON does not have plain
            spelt.emplace_back(1, static_cast<char>(c));
    for (unsigned char c = 0x80; c != 0xA0; ++c)
        spelt.push_back(std::string{"\xC2"} + static_cast<char>(c));
    for (auto const& s : spelt) {
        INFO(s);
        auto const got = decode_json("{\"k" + s + "\":[\"" + s + "\"]}", "application/json");
        REQUIRE(got);
        auto const members = got->document.root().get_object().value();
        for (auto const member : members) {
            CHECK(is_clean(member.key));
            CHECK(is_clean(member.value.at(0).get_string().value()));
        }
    }
}

TEST_CASE("documents are read one beside the other")
{
    auto const a = object(R"({"s":"one"})");
    auto const b = object(R"({"s":"two","more":[1,2,3]})");
    CHECK(text_member(a.object, "s") == "one");
    CHECK(text_member(b.object, "s") == "two");
}

TEST_CASE("one lone surrogate does not spoil the document")
{
    auto const in = object(
        R"({"high":"a\ud83dz","low":"\udc1b","two":"\ud83d\ud83d\udc1b","reversed":"\udc1b\ud83d",)"
        R"("pair":"\ud83d\udc1b","escaped":"\\ud83d \\\\udc1b","end":"\ud83d","other":"\ud83d\n"})");
    CHECK(text_member(in.object, "high") == "a\uFFFDz");
    CHECK(text_member(in.object, "low") == "\uFFFD");
    CHECK(text_member(in.object, "two") == "\uFFFD\U0001F41B");
    CHECK(text_member(in.object, "reversed") == "\uFFFD\uFFFD");
    CHECK(text_member(in.object, "pair") == "\U0001F41B");
    CHECK(text_member(in.object, "escaped") == "\\ud83d \\\\udc1b");
    CHECK(text_member(in.object, "end") == "\uFFFD");
    CHECK(text_member(in.object, "other") == "\uFFFD\n");
}

TEST_CASE("64 levels are read, more are refused")
{
    CHECK(json_document::parse(nested(64)));
    CHECK(json_document::parse(R"({"a":)" + nested(63) + "}"));
    auto const levels = GENERATE(65, 200'000);
    auto const refused = json_document::parse(nested(levels));
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::unparsable);
}

TEST_CASE("what is no JSON is refused")
{
    std::string_view const text = GENERATE(
        "",
        " ",
        "{",
        "[1,",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{'a':1}",
        "{\"a\":1} x",
        "[1] [2]",
        "nul",
        "[01]",
        "[1.]",
        "[NaN]",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud83d\\u12\"",
        "\"unclosed",
        "\"line\nfeed\"",
        "<html></html>",
        "[1e999]",
        "[123456789012345678901234567890]");
    INFO(text);
    auto const refused = json_document::parse(text);
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::unparsable);
    CHECK_THAT(refused.error().message, Catch::StartsWith("the JSON cannot be read: "));
}

TEST_CASE("a document outlives the text and can be moved")
{
    auto document = [] {
        std::string text = R"({"status":"a text that is too long for the string object itself"})";
        auto parsed = json_document::parse(text);
        text.assign(text.size(), 'x');
        return std::move(parsed.value());
    }();
    auto const moved = std::move(document);
    json_object found;
    REQUIRE(moved.root().get_object().get(found) == simdjson::SUCCESS);
    CHECK(text_member(found, "status") == "a text that is too long for the string object itself");
}
