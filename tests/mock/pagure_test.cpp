#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const project = "/api/0/plum/orchard";

} // namespace

TEST_CASE("Pagure's list shows open issues unless it is told otherwise, and counts its page only")
{
    ground at{"kind=pagure,bugs=30"};
    at.bugs.change(29, {.status = "Closed", .resolution = "Fixed"}, 1'770'000'000);
    at.bugs.change(30, {.status = "Open"}, 1'770'000'000);
    auto const open = told_ids(at.get(project + "/issues"));
    CHECK(open.starts_with("30,"));
    CHECK_FALSE(contains(open, "29,"));
    auto const first = at.json(project + "/issues?status=all&order=asc&per_page=20").as_object();
    CHECK(first.at("issues").as_array().size() == 20);
    CHECK(first.at("total_issues") == 20);
    CHECK(first.at("pagination").at("pages") == 2); // one is hidden
    CHECK(first.at("pagination").at("next").is_string());
    auto const last = at.json(project + "/issues?status=all&order=asc&per_page=20&page=2").as_object();
    CHECK(last.at("pagination").at("next").is_null());
    CHECK(told_ids(at.get(project + "/issues?status=all&since=1770000000")) == "30,29,");
    CHECK(at.get(project + "/issues?per_page=101").status == 400);
}

TEST_CASE("Pagure's issue has times as strings, a priority as a number and its comments")
{
    ground at{"kind=pagure,bugs=30"};
    at.bugs.change(3, {.status = "Closed", .resolution = "Fixed", .priority = "High"}, 1'770'000'000);
    auto const one = at.json(project + "/issue/3").as_object();
    CHECK(one.at("close_status") == "Fixed");
    CHECK(one.at("priority") == 2);
    CHECK(one.at("last_updated") == "1770000000");
    CHECK_FALSE(one.at("comments").as_array().empty());
    CHECK(at.json(project + "/issue/3?comments=0").at("comments").as_array().empty());
    CHECK(at.json(project).at("priorities").at("2") == "High");
}

TEST_CASE("Pagure refuses with codes, and a wrong token everywhere")
{
    ground at{"kind=pagure,bugs=30"};
    std::vector<std::pair<std::string, std::string>> const good{
        {"Authorization", "token " + std::string{good_key}}};
    CHECK(contains(at.get(project + "/issue/99").body, "ENOISSUE"));
    CHECK(contains(at.get("/api/0/nosuch").body, "ENOPROJECT"));
    auto const hidden = at.get(project + "/issue/13");
    CHECK(hidden.status == 403);
    CHECK(contains(hidden.body, "EISSUENOTALLOWED"));
    CHECK(at.get(project + "/issue/13", good).status == 200);
    CHECK(at.get(project + "/issues", {{"Authorization", "token x"}}).status == 401);
    CHECK(contains(at.get("/api/0/-/whoami", good).body, "watcher"));
    CHECK(ground{"kind=pagure,flavour=2"}.get("/api/0/-/whoami", good).status == 404);
    CHECK(contains(ground{"kind=pagure,tracker=0"}.get(project + "/issues").body, "ETRACKERDISABLED"));
}

} // namespace checkwatches::mock
