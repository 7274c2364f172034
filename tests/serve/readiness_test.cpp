#include "engine/serve/metrics/open_metrics.hpp"
#include "engine/serve/metrics/readiness.hpp"
#include "tests/serve/meter_samples.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;

TEST_CASE("ready is who is in time, can write and has counted")
{
    auto const fine = test::sample_snapshot();
    struct row {
        std::string name;
        std::function<void(meter_snapshot&)> spoil;
        std::string body; // with 503; empty: ready
    };
    std::vector<row> const rows{
        {"all is well", [](auto&) {}, ""},
        {"nothing is due", [](auto& s) { s.oldest_due.reset(); }, ""},
        {"just in time", [](auto& s) { s.oldest_due = s.now - 2h; }, ""},
        {"behind",
         [](auto& s) { s.oldest_due = s.now - 2h - 1s; },
         "not ready\nbehind: the oldest overdue check is 7201 s late, more than 7200 s\n"},
        {"a full disk",
         [](auto& s) {
             s.writer_stuck_since = s.now;
             s.writer_trouble = "disk is full";
         },
         "not ready\nthe database takes nothing since 2024-10-04T00:00:00Z: disk is full\n"},
        {"not counted", [](auto& s) { s.counted.reset(); }, "not ready\nthe bugs were not counted yet\n"},
        {"all at once",
         [](auto& s) {
             s.oldest_due = s.now - 3h;
             s.writer_stuck_since = s.now;
             s.writer_trouble = "locked";
             s.counted.reset();
         },
         "not ready\nbehind: the oldest overdue check is 10800 s late, more than 7200 s\n"
         "the database takes nothing since 2024-10-04T00:00:00Z: locked\nthe bugs were not counted yet\n"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.name);
        auto now = fine;
        r.spoil(now);
        auto const answer = answer_ready(now);
        CHECK(answer.status == (r.body.empty() ? 200 : 503));
        CHECK(answer.body == (r.body.empty() ? "ready\n" : r.body));
        CHECK(reasons_not_ready(now).empty() == r.body.empty());
        // Who is not ready is alive all the same.
        CHECK(answer_health(now).status == 200);
        CHECK(answer_health(now).body == "alive\nversion 0.1.0\n");
    }
}

TEST_CASE("how late is too late can be said")
{
    auto const now = test::sample_snapshot(); // 90 s
    CHECK(answer_ready(now, 90s).status == 200);
    CHECK(answer_ready(now, 89s).status == 503);
}

TEST_CASE("metrics are answered as what they are, and nobody keeps the answers")
{
    auto const answer = answer_metrics("# EOF\n");
    CHECK(answer.body == "# EOF\n");
    auto const has = [&](http_answer const& in, std::string const& name, std::string const& value) {
        return std::ranges::find(in.headers, std::pair{name, value}) != in.headers.end();
    };
    CHECK(has(answer, "Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8"));
    CHECK(has(answer, "Cache-Control", "no-store"));
    CHECK(has(answer_ready({}), "Content-Type", "text/plain; charset=utf-8"));
    CHECK(has(answer_health({}), "Cache-Control", "no-store"));
}
