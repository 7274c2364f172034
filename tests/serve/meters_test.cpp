#include "engine/serve/metrics/meters.hpp"
#include "engine/serve/metrics/process_state.hpp"
#include "engine/serve/metrics/scrape.hpp"
#include "tests/serve/meter_samples.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <set>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

// The values that a label has in the text.
std::set<std::string> values_of(std::string const& text, std::string const& label)
{
    std::set<std::string> out;
    auto const start = label + "=\"";
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
        at += start.size();
        out.insert(text.substr(at, text.find('"', at) - at));
    }
    return out;
}

bool has_line(std::string const& text, std::string const& line)
{
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("each check counts under its outcome, each change under its field")
{
    meters m;
    test::count_samples(m);
    auto const text = scrape(m, {});
    CHECK(has_line(text, R"(checkwatches_checks_total{outcome="seen",tracker="bugs.example.org"} 2.0)"));
    CHECK(
        has_line(text, R"(checkwatches_checks_total{outcome="unmodified",tracker="bugs.example.org"} 1.0)"));
    CHECK(has_line(text, R"(checkwatches_changes_total{field="status",tracker="bugs.example.org"} 2.0)"));
    CHECK(has_line(text, R"(checkwatches_changes_total{field="importance",tracker="bugs.example.org"} 1.0)"));
    CHECK(has_line(text, R"(checkwatches_changes_total{field="other",tracker="bugs.example.org"} 1.0)"));
    CHECK_THAT(text, !Contains("no such field"));
}

TEST_CASE("a bug that was not asked counts nowhere")
{
    meters m;
    m.on_settled("t", {storage::settled_bug{}});
    CHECK_THAT(scrape(m, {}), !Contains("checks_total{"));
}

TEST_CASE("requests count by the class of their status")
{
    struct row {
        unsigned status;
        std::string counted;
    };
    for (auto const& [status, counted] : std::vector<row>{
             {0, "failed"},
             {101, "failed"},
             {200, "2xx"},
             {304, "3xx"},
             {404, "4xx"},
             {599, "5xx"},
             {600, "failed"}}) {
        meters m;
        m.on_request("t", "trac", status, 1ms);
        auto const text = scrape(m, {});
        CAPTURE(status);
        CHECK(has_line(text, "checkwatches_requests_total{class=\"" + counted + "\",tracker=\"t\"} 1.0"));
        CHECK(values_of(text, "class").size() == 1);
    }
}

TEST_CASE("the buckets of a histogram add up to all that it was told")
{
    meters m;
    for (auto const took : {4ms, 5ms, 6ms, 70'000ms})
        m.on_request("t", "trac", 200, took);
    auto const text = scrape(m, {});
    CHECK(has_line(text, R"(checkwatches_request_seconds_bucket{kind="trac",le="0.005"} 2)"));
    CHECK(has_line(text, R"(checkwatches_request_seconds_bucket{kind="trac",le="0.01"} 3)"));
    CHECK(has_line(text, R"(checkwatches_request_seconds_bucket{kind="trac",le="60.0"} 3)"));
    CHECK(has_line(text, R"(checkwatches_request_seconds_bucket{kind="trac",le="+Inf"} 4)"));
    CHECK(has_line(text, R"(checkwatches_request_seconds_count{kind="trac"} 4)"));
    CHECK(has_line(text, R"(checkwatches_request_seconds_sum{kind="trac"} 70.015)"));
}

TEST_CASE("what a pass came to is added up")
{
    meters m;
    test::count_samples(m);
    m.on_pass_ended("bugs.example.org", {.not_modified = 2, .bytes = 5, .deferred = true});
    auto const text = scrape(m, {});
    auto const at = [](std::string const& name) { return name + "{tracker=\"bugs.example.org\"} "; };
    CHECK(has_line(text, at("checkwatches_passes_total") + "2.0"));
    CHECK(has_line(text, at("checkwatches_not_modified_total") + "3.0"));
    CHECK(has_line(text, at("checkwatches_response_bytes_total") + "12350.0"));
    CHECK(has_line(text, at("checkwatches_deferrals_total") + "1.0"));
    CHECK(has_line(text, at("checkwatches_troubled_passes_total") + "1.0"));
}

TEST_CASE("trackers beyond the bound share a label, also in the census")
{
    meters m{3};
    census::count counted;
    for (int i = 1; i <= 50; ++i) {
        auto const name = "t" + std::to_string(i);
        m.on_request(name, "kind " + std::to_string(2 * i), 200, 1ms);
        m.on_settled(name, {test::settled(outcome::seen)});
        storage::tracker_id const id{i};
        counted.names.emplace(id, name);
        counted.trackers.push_back({.id = id, .bugs = 2});
    }
    // One that came after the names were read.
    counted.trackers.push_back({.id = storage::tracker_id{51}, .bugs = 2});
    auto const text = scrape(m, {.counted = std::make_shared<census::count const>(counted)});
    CHECK(values_of(text, "tracker") == std::set<std::string>{"t1", "t2", "t3", "_other"});
    CHECK(has_line(text, R"(checkwatches_checks_total{outcome="seen",tracker="t3"} 1.0)"));
    CHECK(has_line(text, R"(checkwatches_checks_total{outcome="seen",tracker="_other"} 47.0)"));
    CHECK(has_line(text, R"(checkwatches_tracker_bugs{tracker="t3"} 2.0)"));
    CHECK(has_line(text, R"(checkwatches_tracker_bugs{tracker="_other"} 96.0)"));
    CHECK(values_of(text, "kind").size() == 50);

    for (int i = 0; i != 100; ++i)
        m.on_request("t1", "more kinds " + std::to_string(i), 200, 1ms);
    CHECK(values_of(scrape(m, {}), "kind").size() == 51);
}

TEST_CASE("what is not known does not come, and what is late is so by now")
{
    meters m;
    auto const bare = scrape(m, {});
    CHECK_THAT(bare, !Contains("last_commit_age"));
    CHECK_THAT(bare, !Contains("checkwatches_tracker_"));
    CHECK_THAT(bare, !Contains("census_age"));
    CHECK(has_line(bare, "checkwatches_oldest_overdue_seconds 0.0"));
    CHECK(has_line(bare, "checkwatches_writer_stuck_seconds 0.0"));
    CHECK(has_line(bare, "checkwatches_offline 0.0"));

    auto known = test::sample_snapshot();
    known.offline = true;
    known.writer_stuck_since = known.now - 5s;
    auto const text = scrape(m, known);
    CHECK(has_line(text, "checkwatches_oldest_overdue_seconds 90.0"));
    CHECK(has_line(text, "checkwatches_last_commit_age_seconds 1.5"));
    CHECK(has_line(text, "checkwatches_census_age_seconds 7.0"));
    CHECK(has_line(text, "checkwatches_writer_stuck_seconds 5.0"));
    CHECK(has_line(text, "checkwatches_offline 1.0"));
    CHECK(has_line(text, R"(checkwatches_tracker_success_age_seconds{tracker="trac.example.org"} 60.0)"));
    CHECK(has_line(text, R"(checkwatches_build_info{version="0.1.0"} 1.0)"));
    CHECK(has_line(text, "process_start_time_seconds 1727913600.0"));
}

TEST_CASE("a process knows what it holds")
{
    auto const before = read_process_state();
    int const one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    auto const after = read_process_state();
    ::close(one);
    CHECK(after.descriptors == before.descriptors + 1);
    CHECK(after.most_descriptors >= after.descriptors);
    CHECK(after.resident_bytes > 1'000'000);
}
