#include "engine/serve/control_request.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;

TEST_CASE("every request survives the way")
{
    std::vector<control_request> const all{
        check_call{},
        check_call{
            .what =
                {.trackers = {"a", "b \"quoted\"\n"},
                 .bugs = {storage::bug_id{1}, storage::bug_id{(7LL << 32) | 5}},
                 .force = true}},
        cost_call{.what = {.trackers = {"a"}, .force = true}},
        status_call{},
        refresh_call{},
        refresh_call{.bugs = {storage::bug_id{1}, storage::bug_id{(7LL << 32) | 5}}},
        limits_call{.tracker = "bugs.example.org"},
        probe_call{.tracker = "bugs.example.org"},
        pause_call{.tracker = "t", .note = "they asked us to wait"},
        resume_call{.tracker = "t"},
        reset_call{.tracker = "t"},
        configure_call{.tracker = "t"},
        configure_call{
            .tracker = "t",
            .settings =
                {.batch = 10,
                 .lanes = 1,
                 .connections = 3,
                 .requests_per_second = 0.25,
                 .changed_since = false,
                 .comments = true,
                 .comments_of = {"Core", "Tool, Kit"}}},
        watch_call{.url = "https://a.example/1", .label = "plum", .owner = "anna", .kind = "trac"},
        unwatch_call{.bug = storage::bug_id{(7LL << 32) | 5}, .label = "plum", .source = "web"},
        meaning_call{.tracker = "t", .field = "status", .key = "late", .means = "Deferred"},
        put_away_call{.bug = storage::bug_id{1}, .label = "plum", .back = true},
        sink_test_call{.sink = "ci"},
        sink_retry_call{.sink = "ci"},
        sink_retry_call{.sink = "ci", .id = 17},
        sink_skip_call{.sink = "ci"},
        sink_drop_call{.sink = "ci"},
    };
    for (auto const& request : all) {
        auto const line = request_line(request);
        CAPTURE(line);
        CHECK(line.find('\n') == line.size() - 1);
        auto const read = read_request(line);
        REQUIRE(read);
        CHECK(*read == request);
    }
}

TEST_CASE("a whole number is a rate too")
{
    auto const read = read_request(R"({"v":1,"do":"configure","tracker":"t","requests_per_second":2})");
    REQUIRE(read);
    CHECK(std::get<configure_call>(*read).settings.requests_per_second == 2.0);
}

TEST_CASE("what is wrong with a request is said, and what is known")
{
    struct row {
        std::string line;
        std::string expected;
    };
    std::string deep = R"({"v":1,"do":"check","trackers":)";
    deep += std::string(1000, '[') + std::string(1000, ']') + "}";
    std::vector<row> const rows{
        {"", "no JSON"},
        {"hello", "no JSON"},
        {R"({"v":1,"do":"status")", "no JSON"},
        {R"({"v":1,"do":"status"} {})", "no JSON"},
        {"{\"v\":1,\"do\":\"sta\xff\"}", "no JSON"},
        {deep, "no JSON"},
        {"[]", "must be a JSON object"},
        {"null", "must be a JSON object"},
        {R"({"do":"status"})", "version 1 of the protocol"},
        {R"({"v":2,"do":"status"})", "version 1 of the protocol"},
        {R"({"v":"1","do":"status"})", "version 1 of the protocol"},
        {R"({"v":1})",
         "\"do\" must be one of check, cost, status, refresh, limits, probe, pause, resume, reset, "
         "configure"},
        {R"({"v":1,"do":"fly"})", "\"do\" must be one of check"},
        {R"({"v":1,"do":7})", "\"do\" must be one of check"},
        {R"({"v":1,"do":"status","force":true})", "unknown field \"force\"; expected one of do, v"},
        {R"({"v":1,"do":"check","forced":true})",
         "unknown field \"forced\"; expected one of bugs, do, force, trackers, v"},
        {R"({"v":1,"do":"check","force":1})", "\"force\" must be true or false"},
        {R"({"v":1,"do":"check","trackers":"a"})", "\"trackers\" must be a list of texts"},
        {R"({"v":1,"do":"check","trackers":["a",1]})", "\"trackers\" must be a list of texts"},
        {R"({"v":1,"do":"check","bugs":[1.5]})", "\"bugs\" must be a list of whole numbers"},
        {R"({"v":1,"do":"check","bugs":[99999999999999999999]})", "\"bugs\" must be a list of whole numbers"},
        {R"({"v":1,"do":"unwatch","bug":"1","source":"web"})", "\"bug\" must be a whole number"},
        {R"({"v":1,"do":"watch"})", "needs the field \"url\""},
        {R"({"v":1,"do":"meaning","tracker":"t","field":"status","key":"x"})", "needs the field \"means\""},
        {R"({"v":1,"do":"probe"})", "needs the field \"tracker\""},
        {R"({"v":1,"do":"probe","tracker":null})", "\"tracker\" must be a text"},
        {R"({"v":1,"do":"configure","tracker":"t","lanes":"2"})", "\"lanes\" must be a whole number"},
        {R"({"v":1,"do":"configure","tracker":"t","requests_per_second":true})", "must be a number"},
    };
    for (auto const& r : rows) {
        auto const read = read_request(r.line);
        CAPTURE(r.line.substr(0, 100));
        REQUIRE(read.has_error());
        CHECK(read.error().kind == error_kind::usage);
        CAPTURE(read.error().message);
        CHECK(read.error().message.find(r.expected) != std::string::npos);
    }
}
