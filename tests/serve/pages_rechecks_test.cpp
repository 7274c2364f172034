#include "storage/rechecks.hpp"
#include "tests/serve/pages_stage.hpp"
#include "tests/support/print.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;

storage::recheck_source plum(utc_time read_at)
{
    return {
        .name = "plum",
        .url = "https://review.example.org/",
        .bugs = "https://bugs.example.org/{id}",
        .every = 1h,
        .read_at = read_at,
        .began_at = read_at - 14 * 24h};
}

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("rechecks: the page says what there is, and takes nothing that was said for its own")
{
    stage empty;
    CHECK(has(empty.page("/rechecks"), "No Gerrit is read."));
    CHECK(empty.get("/rechecks?bug=1").status == 400);

    stage on{[](storage::store& to, utc_time now) {
        auto s = plum(now - 5h);
        s.failure = "down " + hostile;
        to.rechecks().configure(s);
        to.rechecks().put_progress(s);
        to.rechecks().add(
            {.source = "plum",
             .said = {{.message = "a", .bug = "1", .at = now - 1h, .change = 7, .project = hostile}},
             .changes = {{.number = 7, .subject = hostile, .is_open = true, .updated = now}}});
        to.rechecks().begin_gap({.source = "plum", .began = now - 1min, .why = hostile});
        to.rechecks().put_signatures(
            s,
            {{.file = "2.yaml" + hostile, .trouble = hostile},
             {.file = "3.yaml", .bug = "3", .query = hostile}});
    }};
    for (auto const* const target :
         {"/rechecks",
          "/rechecks?bug=1",
          "/rechecks?bug=3&source=plum",
          "/rechecks?bug=none",
          "/rechecks?show=queue"}) {
        auto const html = on.page(target);
        INFO(target << html);
        CHECK_FALSE(has(html, hostile));
        CHECK(unbalanced(html) == "");
        CHECK(has(html, "<h1>"));
    }
    auto const html = on.page("/rechecks");
    CHECK(has(html, "1 in 24 hrs / 1 in 10 days"));
    CHECK(has(html, "<tr id=\"1\">"));
    CHECK(has(html, "<tr id=\"3\" class=\"quiet\">"));
    CHECK(has(html, "href=\"https://review.example.org/7\""));
    CHECK(has(html, "It cannot be read"));
    CHECK(has(html, "<strong>behind by 5 h</strong>"));
    CHECK(has(on.page("/queue"), "/rechecks?show=queue"));
    CHECK(on.get("/rechecks?source=pear").status == 400);
    CHECK(on.get("/rechecks?show=all").status == 400);
    CHECK(on.get("/rechecks?after=x").status == 400);
    CHECK(has(on.page("/rechecks?show=queue"), "<caption>1 row, rechecked for"));
}

TEST_CASE("rechecks: a page of full rows is below 50 KB, and the parts are all")
{
    stage on{[](storage::store& to, utc_time now) {
        auto const s = plum(now - 1min);
        to.rechecks().configure(s);
        to.rechecks().put_progress(s);
        storage::recheck_reading all{.source = "plum"};
        for (int bug = 0; bug != 120; ++bug)
            for (int i = 0; i != 8; ++i)
                all.said.push_back(
                    {.message = fmt::format("{}-{}", bug, i),
                     .bug = std::to_string(1'000'000 + bug),
                     .at = now - std::chrono::hours{(bug * 7 + i * 29) % 230},
                     .change = 700'000 + bug * 8 + i,
                     .project = fmt::format("openstack/a-service-of-many-words-{}", i % 4)});
        for (auto const& one : all.said)
            all.changes.push_back(
                {.number = one.change, .subject = "Ripen", .is_open = true, .updated = one.at});
        to.rechecks().add(all);
    }};
    for (auto const* const target : {"/rechecks", "/rechecks?show=queue"}) {
        auto const html = on.page(target);
        INFO(target << ": " << html.size());
        CHECK(html.size() < 50'000);
        CHECK(has(html, "of 120 "));
    }
    // Part by part all of them.
    std::set<std::string> ids;
    std::string next = "/rechecks";
    for (int parts = 0; !next.empty() && parts != 9; ++parts) {
        auto const html = on.page(next);
        next.clear();
        for (auto const& link : links_of(html)) {
            if (link.find("bug=") != std::string::npos)
                ids.insert(link);
            if (link.find("after=") != std::string::npos)
                next = link;
        }
    }
    CHECK(ids.size() == 120);
}
