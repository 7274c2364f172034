#include "adapters/wire/text.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using namespace checkwatches::wire;
using namespace std::string_view_literals;

namespace {

struct sample {
    std::string_view bytes{};
    std::string_view content_type{};
    std::string_view text{};
    std::size_t replaced = 0;
};

void check(sample const& s)
{
    INFO(s.content_type << " \"" << Catch::StringMaker<std::string>::convert(std::string{s.bytes}) << "\"");
    auto const got = decode_text(s.bytes, s.content_type);
    CHECK(got.text == s.text);
    CHECK(got.replaced == s.replaced);
}

} // namespace

TEST_CASE("the declared charset is believed")
{
    auto const s = GENERATE(
        sample{"na\xC3\xAFve", "text/csv; charset=utf-8", "naïve"},
        sample{"na\xC3\xAFve", "text/csv;CHARSET=\"UTF-8\"", "naïve"},
        sample{"na\xC3\xAFve", "text/csv; charset='utf8'", "naïve"},
        sample{"na\xC3\xAFve", "text/csv; header=present; charset = UTF-8 ; x=y", "naïve"},
        sample{"na\xEFve", "text/html; charset=ISO-8859-1", "naïve"},
        sample{"na\xC3\xAFve", "text/html; charset=latin1", "naÃ¯ve"},
        sample{"\x93quoted\x94", "text/html; charset=iso-8859-1", "“quoted”"},
        sample{"\x80 5", "text/html; charset=windows-1252", "€ 5"},
        sample{"\xA4 \xA6\xA8\xB4\xB8\xBC\xBD\xBE\xE9", "text/html; charset=iso-8859-15", "€ ŠšŽžŒœŸé"},
        sample{"plain", "text/html; charset=us-ascii", "plain"});
    check(s);
}

TEST_CASE("bytes that the declared charset does not have are replaced and counted")
{
    auto const s = GENERATE(
        sample{"na\xEFve", "text/csv; charset=utf-8", "na\uFFFDve", 1},
        sample{"na\xC3\xAFve", "text/csv; charset=us-ascii", "na\uFFFD\uFFFDve", 2},
        sample{"\x81\x8D\x8F\x90\x9D", "text/csv; charset=cp1252", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 5},
        sample{"\x85", "text/csv; charset=iso-8859-15", " ", 1}); // a control character there
    check(s);
}

TEST_CASE("without a known declared charset a byte order mark tells, then the bytes themselves")
{
    auto const s = GENERATE(
        sample{"\xEF\xBB\xBFid,Status", "text/csv", "id,Status"},
        sample{"\xEF\xBB\xBFid,Status", "text/csv;charset=utf-8", "id,Status"},
        sample{"\xFF\xFEi\0d\0"sv, "", "id"},
        sample{"\xFE\xFF\0i\0d"sv, "", "id"},
        sample{"na\xC3\xAFve", "", "naïve"},
        sample{"na\xC3\xAFve", "text/csv; charset=klingon", "naïve"},
        sample{"na\xC3\xAFve", "text/csv; charset=", "naïve"},
        sample{"na\xC3\xAFve", "text/csv; x-charset=us-ascii", "naïve"},
        sample{"na\xEFve", "text/csv", "naïve"},
        sample{"\xC3\xAF and \xEF", "text/csv", "Ã¯ and ï"},
        sample{"\x93quoted\x94", "text/csv; charset=klingon", "“quoted”"},
        sample{"", "text/csv; charset=utf-8", ""},
        sample{"", "", ""},
        sample{"\xEF\xBB\xBF", "", ""});
    check(s);
}

TEST_CASE("under a single-byte charset a byte order mark is letters")
{
    check({"\xEF\xBB\xBFx", "text/plain; charset=iso-8859-1", "ï»¿x"});
    check({"\xFF\xFEx", "text/plain; charset=windows-1252", "ÿþx"});
}

TEST_CASE("only the first byte order mark is taken off")
{
    check({"\xEF\xBB\xBF\xEF\xBB\xBFx", "", "\uFEFFx"});
}

TEST_CASE("UTF-16 is read by mark, else as it is declared")
{
    auto const s = GENERATE(
        sample{"\0A"sv, "text/plain; charset=utf-16", "A"},
        sample{"\0A"sv, "text/plain; charset=utf-16be", "A"},
        sample{"A\0"sv, "text/plain; charset=utf-16le", "A"},
        sample{
            "\xFF\xFE"
            "A\0"sv,
            "text/plain; charset=utf-16",
            "A"},
        sample{"\xAC\x20", "text/plain; charset=utf-16le", "€"},
        sample{"\xD8\x3D\xDC\x1B", "text/plain; charset=utf-16be", "\U0001F41B"},
        sample{"\xDB\xFF\xDF\xFF", "text/plain; charset=utf-16be", "\U0010FFFF"},
        sample{"\xD8\x00\xDC\x00"sv, "text/plain; charset=utf-16be", "\U00010000"},
        sample{"\xD8\x3D\0A"sv, "text/plain; charset=utf-16be", "\uFFFDA", 1},
        sample{"\xDC\x1B\0A"sv, "text/plain; charset=utf-16be", "\uFFFDA", 1},
        sample{"\xD8\x3D", "text/plain; charset=utf-16be", "\uFFFD", 1},
        sample{"\xD8\x3D\xD8\x3D\xDC\x1B", "text/plain; charset=utf-16be", "\uFFFD\U0001F41B", 1},
        sample{"\0AB"sv, "text/plain; charset=utf-16be", "A\uFFFD", 1},
        sample{"\0\x07"sv, "text/plain; charset=utf-16be", " ", 1});
    check(s);
}

TEST_CASE("what is no UTF-8 is replaced by as many marks as Unicode advises")
{
    constexpr auto utf8 = "text/plain; charset=utf-8"sv;
    auto const s = GENERATE_COPY(
        sample{"a\x80z", utf8, "a\uFFFDz", 1},                                     // no lead
        sample{"a\xC3", utf8, "a\uFFFD", 1},                                       // truncated
        sample{"a\xE2\x82", utf8, "a\uFFFD", 1},                                   //
        sample{"a\xF0\x9F\x90", utf8, "a\uFFFD", 1},                               //
        sample{"a\xE2\x82z", utf8, "a\uFFFDz", 1},                                 //
        sample{"\xC0\xAF", utf8, "\uFFFD\uFFFD", 2},                               // overlong
        sample{"\xE0\x80\xAF", utf8, "\uFFFD\uFFFD\uFFFD", 3},                     //
        sample{"\xF0\x80\x80\xAF", utf8, "\uFFFD\uFFFD\uFFFD\uFFFD", 4},           //
        sample{"\xED\xA0\x80", utf8, "\uFFFD\uFFFD\uFFFD", 3},                     // surrogate
        sample{"\xED\x9F\xBF", utf8, "\uD7FF", 0},                                 // the last before them
        sample{"\xF4\x90\x80\x80", utf8, "\uFFFD\uFFFD\uFFFD\uFFFD", 4},           // beyond U+10FFFF
        sample{"\xF4\x8F\xBF\xBF", utf8, "\U0010FFFF", 0},                         //
        sample{"\xF8\x88\x80\x80\x80", utf8, "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", 5}, // five bytes
        sample{"\xFF", utf8, "\uFFFD", 1},
        sample{"\xE2\x82\xAC\xF0\x9F\x90\x9B", utf8, "€\U0001F41B", 0});
    check(s);
}

TEST_CASE("control characters become blanks and are counted; white space stays")
{
    check({"a\tb\r\nc", "", "a\tb\r\nc", 0});
    check({"a\0b\x1B[31m\x7F"sv, "", "a b [31m ", 3});
    check(
        {"a\xC2\x9B"
         "31m\xC2\x85",
         "",
         "a 31m ",
         2});
    check({"\xC2\xA0", "", "\u00A0", 0});
}

TEST_CASE("escapes' text can be freed of control characters on its own")
{
    CHECK(without_controls("a\x1B\xC2\x9B\xED\xA0\x80\xE2\x82\xAC") == "a  \uFFFD\uFFFD\uFFFD€");
}

TEST_CASE("every single byte decodes to something under every charset")
{
    std::string const charset = GENERATE(
        "", "utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16", "utf-16le");
    std::string all;
    for (int i = 0; i != 256; ++i)
        all += static_cast<char>(i);
    auto const got = decode_text(all, "text/plain; charset=" + charset);
    auto const again = decode_text(got.text, "text/plain; charset=utf-8");
    CHECK(again.text == got.text);
    CHECK(again.replaced == 0);
    CHECK(got.replaced > 0);
}

TEST_CASE("media types are compared without parameters and case")
{
    CHECK(media_type("Text/CSV; charset=UTF-8") == "text/csv");
    CHECK(media_type(" application/json ;x") == "application/json");
    CHECK(media_type("text/csv;name=x.csv;charset=UTF-8") == "text/csv");
    CHECK(media_type("").empty());
}

TEST_CASE("words are compared without the case of ASCII letters")
{
    CHECK(same_word("Retry-After", "retry-AFTER"));
    CHECK_FALSE(same_word("Retry-After", "Retry_After"));
    CHECK_FALSE(same_word("a", "ab"));
    CHECK_FALSE(same_word("\xC4", "\xE4"));
    CHECK(same_word("", ""));
    CHECK(lower("ÄBC[Z]") == "Äbc[z]");
}

TEST_CASE("text is trimmed of white space")
{
    CHECK(trimmed(" \t\r\n a b \n") == "a b");
    CHECK(trimmed(" \r\n").empty());
    CHECK(trimmed("").empty());
}

TEST_CASE("numbers have one spelling")
{
    CHECK(is_number("0"));
    CHECK(is_number("00123456789012345678901234567890"));
    CHECK_FALSE(is_number(""));
    CHECK_FALSE(is_number("-1"));
    CHECK_FALSE(is_number("1 "));
    CHECK_FALSE(is_number("\xD9\xA1")); // an Arabic digit

    CHECK(normal_number("42") == "42");
    CHECK(normal_number("#42") == "42");
    CHECK(normal_number(" 042\n") == "42");
    CHECK(normal_number("999999999999999999") == "999999999999999999");
    CHECK(normal_number("0000000000000000000000001") == "1");
    std::string_view const none = GENERATE(
        "", "#", "0", "000", "##4", "4#", "4 2", "-4", "+4", "4.0", "0x4", "1000000000000000000");
    CHECK(normal_number(none).empty());
}
