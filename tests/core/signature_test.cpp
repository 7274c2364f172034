#include "engine/core/signature.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace checkwatches;

namespace {

struct sample {
    char const* message;
    char const* normalised;
};

} // namespace

TEST_CASE("signature: what differs from one bug to the next is taken out")
{
    auto const s = GENERATE(
        sample{"", ""},
        sample{"the server closed the connection", "the server closed the connection"},
        sample{"HTTP 503 after 3.5 s, 1,000 bytes", "HTTP N after N s, N bytes"},
        sample{"bug17 is not bug 18", "bugN is not bug N"},
        sample{"v5.0.6", "vN"},
        sample{"at 2026-11-20T10:00:00Z", "at T"},
        sample{"at 2026-11-20 10:00:00.123+01:00.", "at T."},
        sample{"on 2026-11-20", "on T"},
        sample{"Fri, 20 Nov 2026 10:15:53 GMT", "Fri, T"},
        sample{"10:15:53 and 10:15", "T and T"},
        sample{"request 123e4567-e89b-12d3-a456-426614174000 failed", "request H failed"},
        sample{"commit 4f10d06a1b and 0xdeadbeef01", "commit H and H"},
        sample{"deadbeef faced defaced", "deadbeef faced defaced"},
        sample{"12345678 is a number", "N is a number"},
        sample{"cafe1234x is a word", "cafeNx is a word"},
        sample{"no \"short one\" here", "no \"short one\" here"},
        sample{"got \"<html><head><title>Busy</title>\" back", "got \"…\" back"},
        sample{"got 'something rather long, it is' back", "got \"…\" back"},
        sample{"got “something rather long, it is” back", "got \"…\" back"},
        sample{"it can't be, for it's far too long to be it", "it can't be, for it's far too long to be it"},
        sample{"an \"open end that never ever closes", "an \"open end that never ever closes"},
        sample{
            "timeout (GET https://bugs.example.org/rest/bug/17?id=1,2,3&x=***)",
            "timeout (GET https://bugs.example.org/rest/bug/N)"},
        sample{"why? because?x", "why? because?x"},
        sample{" \t two\r\nlines\x01\x7f ", "two lines"},
        sample{"größe 12 ✓", "größe N ✓"});
    INFO(s.message);
    CHECK(normalise_message(s.message) == s.normalised);
}

TEST_CASE("signature: what is normalised already stays as it is")
{
    std::vector<std::string> const messages{
        "HTTP 503 at 2026-11-20T10:00:00Z for 4f10d06a1b, \"a text that is longer than twenty\"",
        "GET https://bugs.example.org/rest/bug/17?id=1,2,3 said 'no, not today, and not tomorrow'"};
    for (auto const& m : messages) {
        auto const once = normalise_message(m);
        CHECK(normalise_message(once) == once);
    }
}

TEST_CASE("signature: at most 200 bytes, and no character is cut")
{
    std::string long_words;
    for (int i = 0; i != 1000; ++i)
        long_words += "größe ";
    auto const cut = normalise_message(long_words);
    CHECK(cut.size() <= 200);
    CHECK(cut.size() > 190);
    for (std::size_t lead = 0; lead != 4; ++lead) {
        auto const bugs = normalise_message(std::string(lead, 'x') + [] {
            std::string out;
            for (int i = 0; i != 100; ++i)
                out += "\xF0\x9F\x90\x9B";
            return out;
        }());
        CHECK(bugs.size() <= 200);
        CHECK((bugs.size() - lead) % 4 == 0);
    }
    CHECK(normalise_message(std::string(10'000'000, '7')) == "N");
}

TEST_CASE("signature: any bytes come through")
{
    for (int byte = 0; byte != 256; ++byte)
        for (auto const* const around : {"", "1", "\"", "0x", "http://"}) {
            std::string text{around};
            text += static_cast<char>(byte);
            text += around;
            CHECK(normalise_message(text).size() <= 200);
        }
    CHECK(normalise_message(std::string{"a\0b", 3}) == "a b");
}

TEST_CASE("signature: a text is cut between characters")
{
    CHECK(cut_text("größe", 99) == "größe");
    CHECK(cut_text("größe", 4) == "grö");
    CHECK(cut_text("größe", 3) == "gr");
    CHECK(cut_text("größe", 0).empty());
    CHECK(cut_text("\x80\x80\x80", 2).empty());
}
