#include "engine/serve/log/atom.hpp"
#include "engine/serve/log/push_request.hpp"
#include "tests/support/print.hpp"

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

push_request read(std::string_view query)
{
    auto const fields = read_form(query);
    REQUIRE(fields);
    auto const asked = read_push_request(*fields);
    REQUIRE(asked);
    return *asked;
}

std::string trouble(std::string_view query)
{
    auto const fields = read_form(query);
    REQUIRE(fields);
    auto const asked = read_push_request(*fields);
    REQUIRE(asked.has_error());
    CHECK(asked.error().kind == error_kind::usage);
    return asked.error().message;
}

constexpr utc_time day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

} // namespace

TEST_CASE("pushlog: dates are read in UTC, to whatever they say")
{
    CHECK(read_push_date("2026-11-22") == day);
    CHECK(read_push_date("2026-11-22 08") == day + 8h);
    CHECK(read_push_date("2026-11-22 08:15") == day + 8h + 15min);
    CHECK(read_push_date("2026-11-22 08:15:30") == day + 8h + 15min + 30s);
    CHECK(read_push_date("2026-11-22T08:15:30Z") == day + 8h + 15min + 30s);
    CHECK(read_push_date("2026-11-22T08:15:30.250+02:00") == day + 6h + 15min + 30s + 250ms);
    for (auto const* none :
         {"",
          "2026",
          "2026-11",
          "20261122",
          "2026-11-31",
          "2026-11-22 ",
          "2026-11-22 8",
          "2026-11-22 08:1",
          "2026-11-22x08",
          "2026-11-22 24:00",
          "2026-11-22 08:15:30 x",
          "2026-11-22T08:15:30+99:00",
          "yesterday",
          "2026-11-22 00000000000000000000000000000000000000000000000"})
        CHECK_FALSE(read_push_date(none));
}

TEST_CASE("pushlog: of the bounds the first that is there wins, whatever their order")
{
    CHECK(read("").begin == push_bound{});
    CHECK(read("startID=3").begin == push_bound{std::int64_t{3}});
    CHECK(read("startID=3&fromchange=ab").begin == push_bound{change_hash{"ab"}});
    CHECK(read("startID=3&fromchange=ab&startdate=2026-11-22").begin == push_bound{day});
    CHECK(read("endID=3").end == push_bound{std::int64_t{3}});
    CHECK(read("endID=3&tochange=ab").end == push_bound{change_hash{"ab"}});
    CHECK(read("tochange=ab&enddate=2026-11-22").end == push_bound{day});
    CHECK(read("startID=-1").begin == push_bound{std::int64_t{-1}});
    // What loses is not looked at.
    CHECK(read("startID=x&fromchange=ab").begin == push_bound{change_hash{"ab"}});
}

TEST_CASE("pushlog: filters are repeated, full counts by its presence, others are left alone")
{
    auto const all = read(
        "user=a&user=b&user=a&changeset=1&branch=kde&full=0&version=2&tipsonly=1&colour=red");
    CHECK(all.users == std::vector<std::string>{"a", "b"});
    CHECK(all.changesets == std::vector<std::string>{"1"});
    CHECK(all.branch == "kde");
    CHECK(all.full);
    CHECK(all.version == 2);
    CHECK_FALSE(read("version=1").full);
    CHECK(read("").version == 1);
}

TEST_CASE("pushlog: what is wrong is named, with how it is written")
{
    CHECK_THAT(trouble("version=3"), Contains("1 or 2"));
    CHECK_THAT(trouble("version=two"), Contains("1 or 2"));
    CHECK_THAT(
        trouble("startdate=soon"), Contains("\"startdate\": \"soon\" is no date") && Contains("YYYY-MM-DD"));
    CHECK_THAT(trouble("enddate="), Contains("enddate"));
    CHECK_THAT(trouble("startID=1x"), Contains("\"startID\": \"1x\" is no id"));
    CHECK_THAT(trouble("endID=99999999999999999999"), Contains("no id"));
    std::string many = "user=0";
    for (std::size_t i = 1; i <= most_of_a_filter; ++i)
        many += "&user=" + std::to_string(i);
    CHECK_THAT(trouble(many), Contains("at most 100"));
}

TEST_CASE("atom: text is such as XML can have")
{
    CHECK(xml_text("Grün <&> \t\r\n") == "Grün <&> \t\r\n");
    CHECK(xml_text("\x01\x1f") == "\uFFFD\uFFFD");
    CHECK(xml_text("a\xff\xc3") == "a\uFFFD\uFFFD");
    CHECK(xml_text("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD") == "\uFFFD\uFFFD\uFFFD");
    CHECK(xml_text("\xF0\x9F\x90\x9E") == "\xF0\x9F\x90\x9E");
    CHECK(xml_text(std::string_view{"\0", 1}) == "\uFFFD");
}
