#include "engine/serve/pages/chart.hpp"
#include "engine/serve/pages/text.hpp"
#include "engine/serve/pages/wilson.hpp"

#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve::view;
using namespace std::chrono_literals;

TEST_CASE("Wilson's interval has its known values")
{
    struct known {
        std::int64_t hits;
        std::int64_t n;
        double low;
        double high;
    };
    // R's prop.test(hits, n, correct = FALSE), and by hand where it is simple.
    for (auto const& one :
         {known{0, 10, 0, 0.2775},
          known{10, 10, 0.7225, 1},
          known{5, 10, 0.2366, 0.7634},
          known{1, 10, 0.0179, 0.4042},
          known{81, 263, 0.2553, 0.3662},
          known{1, 1, 0.2065, 1},
          known{0, 1'000'000, 0, 0.00000384}}) {
        auto const is = wilson(one.hits, one.n);
        INFO(one.hits << " of " << one.n);
        CHECK(is.low == Approx(one.low).margin(0.00005));
        CHECK(is.high == Approx(one.high).margin(0.00005));
    }
    CHECK(wilson(0, 0).low == 0);
    CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("days without a check are gaps, and the slice counts one outcome among all checks")
{
    std::vector<storage::outcome_day> const days{
        {.day = 90, .how = outcome::seen, .checks = 5}, // before the first
        {.day = 98, .how = outcome::seen, .checks = 8},
        {.day = 98, .how = outcome::timeout, .checks = 2},
        {.day = 100, .how = outcome::not_found, .checks = 1},
        {.day = 100, .how = outcome::unmodified, .checks = 3}};
    auto const all = points_of(days, 100, 1, 4, std::nullopt);
    REQUIRE(all.size() == 4);
    CHECK(all[0].first == 97);
    CHECK(all[0].checks == 0);
    CHECK(all[1].checks == 10);
    CHECK(all[1].failed == 2);
    CHECK(all[2].checks == 0);
    CHECK(all[3].failed == 1);
    auto const timeouts = points_of(days, 100, 1, 4, outcome::timeout);
    CHECK(timeouts[1].failed == 2);
    CHECK(timeouts[3].failed == 0);
    CHECK(timeouts[3].checks == 4);

    auto const weeks = points_of(days, 100, 7, 2, std::nullopt);
    CHECK(weeks[0].first == 87);
    CHECK(weeks[0].checks == 5);
    CHECK(weeks[1].checks == 14);
}

TEST_CASE("a chart claims a change only where the intervals do not overlap")
{
    std::vector<rate_point> points(8);
    for (auto& one : points)
        one = {.failed = 30, .checks = 100};
    CHECK(finding_of(points) == "30.0 % of 800 checks failed; no clear trend");
    points[6] = points[7] = {.failed = 1, .checks = 100};
    CHECK(finding_of(points) == "Failures fell: 1.0 % lately, 30.0 % before");
    points[6] = points[7] = {.failed = 90, .checks = 100};
    CHECK(finding_of(points) == "Failures rose: 90.0 % lately, 30.0 % before");
    points[6] = points[7] = {.failed = 1, .checks = 2};
    CHECK(finding_of(points) == "30.1 % of 604 checks failed; no clear trend");
    CHECK(finding_of(std::vector<rate_point>(8)) == "No checks in this time");
    CHECK(finding_of({{.failed = 0, .checks = 9}}) == "None of 9 checks failed");
}

TEST_CASE("a chart has a dot and a row for each day with checks, and its axis starts at zero")
{
    std::vector<rate_point> const points{
        {.first = 0, .failed = 0, .checks = 0}, {.first = 1, .failed = 50, .checks = 100}};
    auto const chart = chart_of(points, 1);
    CHECK(chart.at("dots").as_array().size() == 1);
    CHECK(chart.at("rows").as_array().size() == 1);
    CHECK(chart.at("counts").as_array().size() == 2);
    auto const text = boost::json::serialize(chart);
    CHECK(text.find("\"text\":\"0 %\"") != text.npos);
    CHECK(text.find("\"text\":\"100 %\"") != text.npos); // the whisker reaches above 50 %
    auto const& dot = chart.at("dots").as_array()[0].as_object();
    CHECK(dot.at("y").as_string() == "78.0"); // half of the field
    CHECK(dot.at("says").as_string() == "Friday, 2 January: 50.0 % of 100 failed (40.4 % to 59.6 %)");
}

TEST_CASE("numbers, spans and shares are written for people")
{
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'234'567) == "1,234,567");
    CHECK(grouped(-1'234) == "-1,234");
    CHECK(counted(1, "bug") == "1 bug");
    CHECK(counted(2'143, "bug") == "2,143 bugs");
    CHECK(counted(0, "watch", "watches") == "0 watches");
    CHECK(shortened(13'000) == "13k");
    CHECK(shortened(1'250'000) == "1.2M");
    CHECK(percent(0) == "0 %");
    CHECK(percent(0.0001) == "under 0.1 %");
    CHECK(percent(0.9999) == "over 99.9 %");
    CHECK(percent(1) == "100 %");
    CHECK(bytes(1) == "1 byte");
    CHECK(bytes(1'500'000) == "1.5 MB");
    CHECK(span_text(119s) == "119 s");
    CHECK(span_text(120s) == "2 min");
    CHECK(span_text(3h) == "3 h");
    CHECK(span_text(49h) == "2 d");
    CHECK(about(0s) == "about a second");
    CHECK(about(240s) == "about 4 minutes");
    CHECK(about(7h) == "about 7 hours");
    CHECK(link("/bugs", {{"tracker", "a&b"}, {"after", ""}}) == "/bugs?tracker=a%26b");
    CHECK(safe_link("javascript:alert(1)").empty());
    CHECK(safe_link("https://example.org/x") == "https://example.org/x");
    CHECK(cut("abcdef", 3) == "abc…");
}
