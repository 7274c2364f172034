#include "engine/serve/metrics/open_metrics.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace checkwatches::serve;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

ClientMetric counter(std::vector<ClientMetric::Label> labels, double value)
{
    ClientMetric out;
    out.label = std::move(labels);
    out.counter.value = value;
    return out;
}

ClientMetric gauge(std::vector<ClientMetric::Label> labels, double value)
{
    ClientMetric out;
    out.label = std::move(labels);
    out.gauge.value = value;
    return out;
}

} // namespace

TEST_CASE("nothing to tell is told by its end")
{
    CHECK(open_metrics({}) == "# EOF\n");
}

TEST_CASE("a counter's family has no _total, and its samples have")
{
    std::string const expected = "# TYPE a_bytes counter\n"
                                 "# UNIT a_bytes bytes\n"
                                 "# HELP a_bytes Bytes.\n"
                                 "a_bytes_total{to=\"x\"} 1.0\n"
                                 "a_bytes_total{to=\"y\"} 2.5\n"
                                 "# EOF\n";
    for (std::string const name : {"a_bytes", "a_bytes_total"})
        CHECK(
            open_metrics(
                {{name,
                  "Bytes.",
                  MetricType::Counter,
                  {counter({{"to", "y"}}, 2.5), counter({{"to", "x"}}, 1)}}})
            == expected);
}

TEST_CASE("families come in the order of their names, an info as such")
{
    CHECK(
        open_metrics(
            {{"z_seconds", "", MetricType::Gauge, {gauge({}, 0.25)}},
             {"a_build_info", "What.", MetricType::Gauge, {gauge({{"version", "1"}}, 1)}}})
        == "# TYPE a_build info\n"
           "# HELP a_build What.\n"
           "a_build_info{version=\"1\"} 1.0\n"
           "# TYPE z_seconds gauge\n"
           "# UNIT z_seconds seconds\n"
           "z_seconds 0.25\n"
           "# EOF\n");
}

TEST_CASE("a unit is a word of its own in the name")
{
    CHECK(
        open_metrics({{"milliseconds", "", MetricType::Gauge, {gauge({}, 1)}}})
        == "# TYPE milliseconds gauge\nmilliseconds 1.0\n# EOF\n");
}

TEST_CASE("labels and help are escaped, and what is no UTF-8 does not come")
{
    CHECK(
        open_metrics(
            {{"a",
              "say \"so\"\nand \\",
              MetricType::Gauge,
              {gauge({{"x", "\"q\" \\ \n \xC3\xBC"}, {"y", "broken \xFF \xC3\xBC"}}, 1)}}})
        == "# TYPE a gauge\n"
           "# HELP a say \\\"so\\\"\\nand \\\\\n"
           "a{x=\"\\\"q\\\" \\\\ \\n \xC3\xBC\",y=\"broken ? ??\"} 1.0\n"
           "# EOF\n");
}

TEST_CASE("a histogram ends with all, under +Inf")
{
    ClientMetric m;
    m.label = {{"kind", "k"}};
    m.histogram = {.sample_count = 3, .sample_sum = 61.5, .bucket = {{1, 0.5}, {2, 10}}};
    std::string const expected = "# TYPE h histogram\n"
                                 "h_bucket{kind=\"k\",le=\"0.5\"} 1\n"
                                 "h_bucket{kind=\"k\",le=\"10.0\"} 2\n"
                                 "h_bucket{kind=\"k\",le=\"+Inf\"} 3\n"
                                 "h_count{kind=\"k\"} 3\n"
                                 "h_sum{kind=\"k\"} 61.5\n"
                                 "# EOF\n";
    CHECK(open_metrics({{"h", "", MetricType::Histogram, {m}}}) == expected);
    // prometheus-cpp brings the last bucket itself.
    m.histogram.bucket.push_back({3, std::numeric_limits<double>::infinity()});
    CHECK(open_metrics({{"h", "", MetricType::Histogram, {m}}}) == expected);
}

TEST_CASE("numbers are written in full, and what is none is named")
{
    constexpr auto infinite = std::numeric_limits<double>::infinity();
    struct row {
        double value;
        std::string text;
    };
    for (auto const& [value, text] : std::vector<row>{
             {0, "0.0"},
             {-3, "-3.0"},
             {0.1, "0.1"},
             {123456789012.0, "123456789012.0"},
             {1e300, "1e+300"},
             {infinite, "+Inf"},
             {-infinite, "-Inf"},
             {std::numeric_limits<double>::quiet_NaN(), "NaN"}})
        CHECK(
            open_metrics({{"a", "", MetricType::Gauge, {gauge({}, value)}}})
            == "# TYPE a gauge\na " + text + "\n# EOF\n");
}

TEST_CASE("a family of a type that is not ours is left out")
{
    CHECK(open_metrics({{"s", "", MetricType::Summary, {ClientMetric{}}}}) == "# EOF\n");
}
