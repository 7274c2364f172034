#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const issues = "/api/v1/repos/plum/orchard/issues";

} // namespace

TEST_CASE("Gitea's list shows open issues unless it is told otherwise, the latest first")
{
    ground at{"kind=gitea,bugs=30"};
    at.bugs.change(29, {.status = "closed", .resolution = "wontfix"}, 1'770'000'000);
    at.bugs.change(30, {.status = "open"}, 1'770'000'000);
    auto const open = told_ids(at.get(issues));
    CHECK(open.starts_with("30,"));
    CHECK_FALSE(contains(open, "29,"));
    auto const all = at.get(issues + "?state=all");
    CHECK(told_ids(all).starts_with("30,29,28,"));
    CHECK(header(all, "X-Total-Count") == "29"); // one is hidden
    CHECK(told_ids(at.get(issues + "?state=all&since=2026-02-02T02:40:00Z")) == "30,29,");
    CHECK(told_ids(at.get(issues + "?state=all&type=pulls")) == "22,11,");
    CHECK(at.get(issues + "?since=yesterday").status == 422);
}

TEST_CASE("Gitea cuts pages without a word, and Link speaks of those that were asked for")
{
    ground at{"kind=gitea,bugs=30,limit=10"};
    auto const page = at.get(issues + "?state=all&limit=20");
    CHECK(page.tells.size() == 10);
    CHECK(contains(header(page, "Link"), "limit=20&page=2"));
    CHECK(header(at.get(issues + "?state=all&limit=20&page=2"), "Link").empty());
    CHECK(told_ids(at.get(issues + "?state=all&limit=20&page=3")) == "9,8,7,6,5,4,3,2,1,");
    CHECK(at.json("/api/v1/settings/api").at("max_response_items") == 10);
}

TEST_CASE("Gitea's issue has a state, labels and a pull request's part")
{
    ground at{"kind=gitea,bugs=30"};
    at.bugs.change(
        11,
        {.status = "closed", .resolution = "", .priority = "Priority/Low", .severity = "Kind/Bug"},
        1'770'000'000);
    auto const pull = at.json(issues + "/11").as_object();
    CHECK(pull.at("state") == "closed");
    CHECK(pull.at("pull_request").at("merged") == true);
    CHECK(pull.at("labels").as_array().size() == 2);
    CHECK(pull.at("updated_at") == "2026-02-02T02:40:00Z");
    CHECK(at.json(issues + "/12").at("pull_request").is_null());
}

TEST_CASE("Gitea hides with 404, and a wrong token is refused everywhere")
{
    ground at{"kind=gitea,bugs=30"};
    std::vector<std::pair<std::string, std::string>> const good{
        {"Authorization", "token " + std::string{good_key}}};
    CHECK(at.get(issues + "/13").status == 404);
    CHECK(at.get(issues + "/31").status == 404);
    CHECK(at.get(issues + "/13", good).status == 200);
    CHECK(at.get("/api/v1/user").status == 401);
    CHECK(contains(at.get("/api/v1/user", good).body, "\"login\":\"watcher\""));
    CHECK(at.get(issues + "/1", {{"Authorization", "token x"}}).status == 401);
    CHECK(ground{"kind=gitea,signin=1"}.get("/api/v1/version").status == 403);
    CHECK(contains(ground{"kind=gitea,flavour=forgejo"}.get("/api/v1/version").body, "+gitea-"));
    auto const renamed = at.get("/api/v1/repos/plum/old-orchard/issues/7?x=1");
    CHECK(renamed.status == 301);
    CHECK(header(renamed, "Location") == "/api/v1/repos/plum/orchard/issues/7?x=1");
}

} // namespace checkwatches::mock
