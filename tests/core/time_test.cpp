#include "engine/core/time.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <string_view>

using namespace checkwatches;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_days day(int year, unsigned month, unsigned d)
{
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{d};
}

struct sample {
    std::string_view text{};
    utc_time time{};
};

} // namespace

TEST_CASE("times with a zone are read as UTC")
{
    auto const s = GENERATE(
        sample{"2014-09-23T19:12:17Z", day(2014, 9, 23) + 19h + 12min + 17s},
        sample{"2013-06-25 12:04:11 +0200", day(2013, 6, 25) + 10h + 4min + 11s},
        sample{"2026-01-02T03:04:05.678901+00:00", day(2026, 1, 2) + 3h + 4min + 5s + 678ms},
        sample{"2026-01-04T15:31:51.081Z", day(2026, 1, 4) + 15h + 31min + 51s + 81ms},
        sample{"2026-03-03T14:32:47.000+0000", day(2026, 3, 3) + 14h + 32min + 47s},
        sample{"2026-11-20T10:00:00+00:00", day(2026, 11, 20) + 10h},
        sample{"2026-11-20T10:00:00-05:30", day(2026, 11, 20) + 15h + 30min},
        sample{"2026-01-01T00:30:00+01:00", day(2025, 12, 31) + 23h + 30min},
        sample{"20140923T19:12:17Z", day(2014, 9, 23) + 19h + 12min + 17s},
        sample{"20140923T191217+0100", day(2014, 9, 23) + 18h + 12min + 17s},
        sample{"1969-12-31T23:59:59.999Z", day(1970, 1, 1) - 1ms},
        sample{"0001-01-01T00:00:00Z", day(1, 1, 1)},
        sample{"9999-12-31T23:59:59Z", day(9999, 12, 31) + 23h + 59min + 59s});
    INFO(s.text);
    CHECK(parse_time(s.text) == s.time);
    CHECK(parse_time(s.text, naive_time::is_utc) == s.time);
}

TEST_CASE("times without a zone are UTC or nothing, as the caller says")
{
    auto const s = GENERATE(
        sample{"20140923T19:12:17", day(2014, 9, 23) + 19h + 12min + 17s},
        sample{"2026-11-20 10:00:00", day(2026, 11, 20) + 10h},
        sample{"2026-11-20 10:00:00.5", day(2026, 11, 20) + 10h + 500ms},
        sample{"2026-11-20 10:02:03.000000000", day(2026, 11, 20) + 10h + 2min + 3s});
    INFO(s.text);
    CHECK(parse_time(s.text, naive_time::is_utc) == s.time);
    CHECK_FALSE(parse_time(s.text));
}

TEST_CASE("a fraction is cut to milliseconds")
{
    auto const second = day(2026, 1, 2) + 3h + 4min + 5s;
    CHECK(parse_time("2026-01-02T03:04:05.1Z") == second + 100ms);
    CHECK(parse_time("2026-01-02T03:04:05.12Z") == second + 120ms);
    CHECK(parse_time("2026-01-02T03:04:05.1239Z") == second + 123ms);
    CHECK(parse_time("2026-01-02T03:04:05." + std::string(5000, '9') + "Z") == second + 999ms);
    CHECK_FALSE(parse_time("2026-01-02T03:04:05.Z"));
}

TEST_CASE("a leap second is the next second, a leap day exists in leap years only")
{
    CHECK(parse_time("2016-12-31T23:59:60Z") == day(2017, 1, 1));
    CHECK_FALSE(parse_time("2016-12-31T23:59:61Z"));
    CHECK(parse_time("2024-02-29T00:00:00Z") == day(2024, 2, 29));
    CHECK(parse_time("2000-02-29T00:00:00Z") == day(2000, 2, 29));
    CHECK_FALSE(parse_time("2026-02-29T00:00:00Z"));
    CHECK_FALSE(parse_time("1900-02-29T00:00:00Z"));
}

TEST_CASE("what is no time is nothing")
{
    std::string_view const text = GENERATE(
        "",
        " ",
        "2026",
        "2026-11-20",
        "2026-11-20T10:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-04-00T00:00:00Z",
        "0000-00-00 00:00:00",
        "2026-11-20T24:00:00Z",
        "2026-11-20T23:60:00Z",
        "2026-1120T10:00:00Z",
        "202611-20T10:00:00Z",
        "2026-11-20T10:0000Z",
        "2026-11-20T1000:00Z",
        "2026-11-20.10:00:00",
        "2026-11-20T10:00:00Zulu",
        "2026-11-20T10:00:00 ",
        "2026-11-20T10:00:00 +02",
        "2026-11-20T10:00:00+2:00",
        "2026-11-20T10:00:00+24:00",
        "2026-11-20T10:00:00+02:60",
        "2026-11-20T10:00:00+-200",
        " 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00Z ",
        "+2026-11-20T10:00:00Z",
        "-026-11-20T10:00:00Z",
        "2026-11-20T10:00:00 PST",
        "Jan 1, 2026, 1:30:00 PM",
        "01.01.2026, 13:30:00",
        "Fri Oct 05 10:15:53 2026",
        "1767274200000000");
    INFO(text);
    CHECK_FALSE(parse_time(text));
    CHECK_FALSE(parse_time(text, naive_time::is_utc));
}

TEST_CASE("times with a NUL in them are no times")
{
    CHECK_FALSE(parse_time(std::string_view{"2026-11-20T10:00:00Z\0", 21}));
    CHECK_FALSE(parse_time(std::string_view{"2026-11-20T10:00:00\0", 20}, naive_time::is_utc));
}

TEST_CASE("HTTP dates are read in the preferred form only")
{
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == day(1994, 11, 6) + 8h + 49min + 37s);
    CHECK(parse_http_date("Sat, 21 Nov 2026 23:15:06 GMT") == day(2026, 11, 21) + 23h + 15min + 6s);
    CHECK(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == day(2017, 1, 1));

    std::string_view const text = GENERATE(
        "",
        "Sun, ",
        "Sun, 06 Nov",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Xyz, 06 Nov 1994 08:49:37 GMT",
        "3600");
    INFO(text);
    CHECK_FALSE(parse_http_date(text));
}

TEST_CASE("times are written in whole seconds of UTC")
{
    CHECK(format_time(day(2026, 11, 22) + 8h + 15min + 30s) == "2026-11-22T08:15:30Z");
    CHECK(format_time(day(2026, 11, 22) + 8h + 15min + 30s + 999ms) == "2026-11-22T08:15:30Z");
    CHECK(format_time(utc_time{}) == "1970-01-01T00:00:00Z");
    CHECK(format_time(utc_time{-1ms}) == "1969-12-31T23:59:59Z");
    CHECK(format_time(day(1900, 3, 1) - 1s) == "1900-02-28T23:59:59Z");
    CHECK(format_time(day(1, 2, 3)) == "0001-02-03T00:00:00Z");
    CHECK(format_time(day(9999, 12, 31)) == "9999-12-31T00:00:00Z");
}

TEST_CASE("what is written is read back")
{
    for (auto t = utc_time{day(1583, 1, 1)}; t < day(3000, 1, 1); t += 12345678s)
        REQUIRE(parse_time(format_time(t)) == t);
}

TEST_CASE("a time outside of four-digit years is written as the nearest inside")
{
    CHECK(format_time(utc_time::max()) == "9999-12-31T23:59:59Z");
    CHECK(format_time(day(10000, 1, 1)) == "9999-12-31T23:59:59Z");
    CHECK(format_time(utc_time::min()) == "0000-01-01T00:00:00Z");
    CHECK(format_time(day(0, 1, 1) - 1s) == "0000-01-01T00:00:00Z");
}

TEST_CASE("now is now")
{
    auto const before = std::chrono::system_clock::now();
    auto const now = utc_now();
    CHECK(now >= before - 1ms);
    CHECK(now <= std::chrono::system_clock::now());
}
