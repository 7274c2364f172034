#include "engine/core/control_characters.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

TEST_CASE("control characters are told from text")
{
    for (char32_t c = 0; c != 0x200; ++c) {
        CAPTURE(c);
        bool const early = c < 0x20;
        bool const late = c >= 0x7F && c < 0xA0;
        bool const spaces = c == '\t' || c == '\n' || c == '\r';
        CHECK(is_control_in_text(c) == ((early && !spaces) || late));
        if (c < 0x100) {
            auto const byte = static_cast<char>(c);
            CHECK(is_control(byte) == (early || c == 0x7F));
            CHECK(is_control_in_text(byte) == ((early && !spaces) || c == 0x7F));
        }
    }
}

TEST_CASE("a blank takes the place of each control character, however many bytes it has")
{
    CHECK(controls_to_blanks("a\x1b[31mb\nc\td\x7f") == "a [31mb c d ");
    CHECK(controls_to_blanks("x\xc2\x9bHy\xc2\x80") == "x Hy "); // the 8-bit form of ESC [
    CHECK(controls_to_blanks("Ünï → 日本\xC2\xA0z") == "Ünï → 日本\xC2\xA0z");
    CHECK(controls_to_blanks("cut \xC2") == "cut \xC2");
    CHECK(controls_to_blanks("").empty());
}
