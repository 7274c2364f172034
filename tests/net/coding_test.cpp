#include "engine/net/coding.hpp"
#include "tests/net/encode.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using test::encode;

namespace {

constexpr std::size_t plenty = 64 * 1024 * 1024;

std::string sample()
{
    std::string text;
    for (int i = 0; i != 20'000; ++i)
        text += "bug " + std::to_string(i * 7919 % 10'007) + "\n";
    return text;
}

} // namespace

TEST_CASE("coding: a name is compared with the whole of ours, and not beyond")
{
    for (std::string const name : {"br", "BR", "Gzip", "x-gzip", "DEFLATE", "zstd"}) {
        std::vector<char> const exact(
            name.begin(), name.end()); // so that a byte too many is one out of bounds
        CHECK(parse_coding({exact.data(), exact.size()}) != coding::none);
    }
    CHECK(parse_coding("b") == coding::none);
    CHECK(parse_coding("brr") == coding::none);
}

TEST_CASE("coding: names")
{
    CHECK(parse_coding("gzip") == coding::gzip);
    CHECK(parse_coding("X-GZip") == coding::gzip);
    CHECK(parse_coding("deflate") == coding::deflate);
    CHECK(parse_coding("br") == coding::brotli);
    CHECK(parse_coding("zstd") == coding::zstd);
    CHECK(parse_coding("UTF-8") == coding::none);
    CHECK(parse_coding("identity") == coding::none);
    CHECK(parse_coding("") == coding::none);
}

TEST_CASE("coding: every coding comes off, and every cut is told")
{
    auto const text = sample();
    for (auto const how : {coding::gzip, coding::deflate, coding::brotli, coding::zstd}) {
        INFO(static_cast<int>(how));
        auto const packed = encode(how, text);
        auto const whole = decode(how, packed, plenty);
        REQUIRE(whole);
        CHECK((*whole == text));
        for (std::size_t cut = 1; cut < packed.size(); cut += 1 + packed.size() / 50) {
            auto const part = decode(how, packed.substr(0, cut), plenty);
            REQUIRE(part.has_error());
            CHECK(part.error().kind == error_kind::protocol_error);
        }
        CHECK(decode(how, "", plenty).value().empty());
        auto const garbage = decode(how, std::string(100, '\xff'), plenty);
        REQUIRE(garbage.has_error());
        CHECK(garbage.error().kind == error_kind::protocol_error);
    }
}

TEST_CASE("coding: deflate without the zlib header, gzip in members and with padding")
{
    auto const text = sample();
    CHECK((decode(coding::deflate, test::raw_deflate(text), plenty).value() == text));
    auto const one = encode(coding::gzip, "one ");
    CHECK(decode(coding::gzip, one + encode(coding::gzip, "two"), plenty).value() == "one two");
    CHECK(decode(coding::gzip, one + std::string(8, '\0'), plenty).value() == "one ");
}

TEST_CASE("coding: a body that grows beyond the limit is refused")
{
    std::string const zeros(8 * 1024 * 1024, '\0');
    for (auto const how : {coding::gzip, coding::deflate, coding::brotli, coding::zstd}) {
        INFO(static_cast<int>(how));
        auto const bomb = encode(how, zeros);
        CHECK(bomb.size() < 20'000);
        auto const refused = decode(how, bomb, 1024 * 1024);
        REQUIRE(refused.has_error());
        CHECK(refused.error().kind == error_kind::too_large);
        CHECK(decode(how, bomb, zeros.size()).value().size() == zeros.size());
        CHECK(decode(how, bomb, zeros.size() - 1).error().kind == error_kind::too_large);
    }
    CHECK(decode(coding::none, "12345", 4).error().kind == error_kind::too_large);
    CHECK(decode(coding::none, "1234", 4).value() == "1234");
}
