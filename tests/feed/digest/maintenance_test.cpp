#include "engine/feed/digest/maintenance.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::feed;
using Catch::Matchers::Contains;

namespace {

bool holds(char const* window, char const* when)
{
    return parse_window(window).value().holds(parse_time(when).value());
}

} // namespace

TEST_CASE("A maintenance window of each day", "[digest]")
{
    CHECK(holds("02:00-04:00", "2026-11-02T02:00:00Z"));
    CHECK(holds("02:00-04:00", "2026-11-03T03:59:59Z"));
    CHECK_FALSE(holds("02:00-04:00", "2026-11-03T04:00:00Z"));
    CHECK_FALSE(holds("02:00-04:00", "2026-11-03T01:59:59Z"));
    CHECK(holds("22:00-02:00", "2026-11-03T01:59:59Z"));
    CHECK(holds("22:00-02:00", "2026-11-03T22:00:00Z"));
    CHECK_FALSE(holds("22:00-02:00", "2026-11-03T02:00:00Z"));
    CHECK(holds("00:00-24:00", "2026-11-03T12:00:00Z"));
}

TEST_CASE("A maintenance window of each week goes on past midnight", "[digest]")
{
    CHECK(holds("Sat 22:00-02:00", "2026-11-07T23:00:00Z"));
    CHECK(holds("sat 22:00-02:00", "2026-11-08T01:00:00Z"));
    CHECK_FALSE(holds("Sat 22:00-02:00", "2026-11-07T01:00:00Z"));
    CHECK_FALSE(holds("Sat 22:00-02:00", "2026-11-08T23:00:00Z"));
}

TEST_CASE("A maintenance window that comes once", "[digest]")
{
    auto const* const window = "2026-12-24T00:00Z/2026-12-27T12:00:30+01:00";
    CHECK(holds(window, "2026-12-24T00:00:00Z"));
    CHECK(holds(window, "2026-12-27T11:00:29Z"));
    CHECK_FALSE(holds(window, "2026-12-27T11:00:30Z"));
    CHECK_FALSE(holds(window, "2026-12-23T23:59:59Z"));
}

TEST_CASE("What is no maintenance window is refused with what would be one", "[digest]")
{
    auto const* const text = GENERATE(
        "",
        "02:00",
        "2:00-4:00",
        "02:00-25:00",
        "02:60-03:00",
        "24:00-01:00",
        "Samedi 02:00-04:00",
        "02:00-04:00 Europe/Berlin",
        "2026-12-24T00:00/2026-12-27T00:00",
        "2026-12-27T00:00Z/2026-12-24T00:00Z",
        "2026-12-27/2026-12-28");
    CAPTURE(text);
    auto const read = parse_window(text);
    REQUIRE(!read);
    CHECK(read.error().kind == error_kind::configuration);
    CHECK_THAT(read.error().message, Contains("\"Sat 22:00-02:00\""));
}
