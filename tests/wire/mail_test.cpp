#include "adapters/wire/base64.hpp"
#include "adapters/wire/mail.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace checkwatches;

TEST_CASE("A mail's date is read in the shapes that mails have")
{
    struct sample {
        char const* text;
        char const* at; // "": it is none
    };
    constexpr std::array samples{
        sample{"Thu, 23 Nov 2006 22:18:28 +0900", "2006-11-23T13:18:28Z"},
        sample{"23 Nov 2006 13:18:39 +0000", "2006-11-23T13:18:39Z"},
        sample{" Thu, 23 Nov 2006\n\t22:18:28 +0900 (JST)", "2006-11-23T13:18:28Z"},
        sample{"(a comment) 1 jan 2026 00:00 -0130", "2026-01-01T01:30:00Z"},
        sample{"Mon,  5 Oct 98 10:00:00 GMT", "1998-10-05T10:00:00Z"},
        sample{"5 Oct 26 10:00:00 EST", "2026-10-05T15:00:00Z"},
        sample{"5 October 2026 10:00:00 +0000", "2026-10-05T10:00:00Z"},
        sample{"30 Feb 2026 10:00:00 +0000", ""},
        sample{"5 Oct 2026 24:00:00 +0000", ""},
        sample{"5 Oct 2026 10:00:00", ""},
        sample{"5 Oct 2026 10 +0000", ""},
        sample{"5 Oct 026 10:00:00 +0000", ""},
        sample{"5 Abc 2026 10:00:00 +0000", ""},
        sample{"5 Oct 2026 10:00:00 somewhere", ""},
        sample{"5 Oct 2026 10:00:00 +00000", ""},
        sample{"Thu", ""},
        sample{"(", ""},
        sample{"", ""},
    };
    for (auto const& s : samples) {
        INFO(s.text);
        auto const at = wire::parse_mail_date(s.text);
        CHECK((at ? format_time(*at) : "") == s.at);
    }
}

TEST_CASE("Encoded words of a mail's header are decoded")
{
    struct sample {
        char const* value;
        char const* text;
    };
    constexpr std::array samples{
        sample{"J Doe <j@example.org>", "J Doe <j@example.org>"},
        sample{"=?utf-8?Q?J=C3=BCrgen_M?= <j@example.org>", "Jürgen M <j@example.org>"},
        sample{"=?ISO-8859-1?q?J=FCrgen?=", "Jürgen"},
        sample{"=?UTF-8?B?SsO8cmdlbg==?=", "Jürgen"},
        sample{"=?utf-8*de?B?SsO8?= =?utf-8?b?cmdlbg?=\n  x", "Jürgen x"}, // no blank between two
        sample{"a =?utf-8?Q?=C3=A4?= b", "a ä b"},
        sample{"=?utf-8?X?abc?= x", "=?utf-8?X?abc?= x"},
        sample{"=?utf-8?B?!?= x", "=?utf-8?B?!?= x"},
        sample{"=?utf-8?Q?=ZZ?= x", "=?utf-8?Q?=ZZ?= x"},
        sample{"=?utf-8?Q?a b?= x", "=?utf-8?Q?a b?= x"},
        sample{"=?utf-8?Q?never closed", "=?utf-8?Q?never closed"},
        sample{"=?", "=?"},
        sample{"=?a?q", "=?a?q"},
        sample{"=?utf-8?Q?a=07b?=", "a b"},
        sample{"  many   \t blanks  ", "many blanks"},
        sample{"", ""},
    };
    for (auto const& s : samples) {
        INFO(s.value);
        CHECK(wire::decode_mail_words(s.value) == s.text);
    }
}

TEST_CASE("Base64 is decoded, and what is none is not")
{
    struct sample {
        char const* text;
        char const* bytes; // null: it is none
    };
    constexpr std::array samples{
        sample{"", ""},
        sample{"aGVsbG8=", "hello"},
        sample{"aGVs\r\n bG8", "hello"},
        sample{"+/+/", "\xFB\xFF\xBF"},
        sample{"aA==", "h"},
        sample{"a", nullptr},
        sample{"aGVs*bG8", nullptr},
        sample{"aA==aA", nullptr},
    };
    for (auto const& s : samples) {
        INFO(s.text);
        auto const bytes = wire::decode_base64(s.text);
        CHECK(bytes.has_value() == (s.bytes != nullptr));
        if (bytes && s.bytes != nullptr)
            CHECK(*bytes == s.bytes);
    }
}
