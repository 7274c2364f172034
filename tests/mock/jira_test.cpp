#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

answer search(ground& at, std::string const& jql, std::string const& more = {})
{
    return at.post("/rest/api/2/search", R"({"jql":")" + jql + "\"" + more + "}", "application/json");
}

} // namespace

TEST_CASE("Jira: one bad key fails a whole query")
{
    ground at{"kind=jira,bugs=30"};
    auto const good = search(at, R"(key in (\"MOCK-1\",\"OLD-2\"))");
    CHECK(told_ids(good) == "1,2,");
    auto const body = boost::json::parse(good.body);
    CHECK(body.at("total") == 2);
    CHECK(body.at("issues").at(1).at("key") == "MOCK-2");
    auto const bad = search(at, R"(key in (\"MOCK-1\",\"MOCK-13\",\"MOCK-99\"))");
    CHECK(bad.status == 400);
    CHECK(boost::json::parse(bad.body).at("errorMessages").as_array().size() == 2);
    CHECK(contains(bad.body, "'MOCK-13' does not exist"));
    ground lenient{"kind=jira,flavour=lenient,bugs=30"};
    CHECK(told_ids(search(lenient, R"(key in (\"MOCK-1\",\"MOCK-13\"))")) == "1,");
}

TEST_CASE("Jira: a search from a time in milliseconds on, in pages")
{
    ground at{"kind=jira,bugs=30,most=2"};
    at.bugs.change(7, {.status = "Open"}, 1'770'000'000);
    CHECK(
        told_ids(search(at, R"(key in (\"MOCK-7\",\"MOCK-8\") AND updated >= 1770000000000 ORDER BY key)"))
        == "7,");
    CHECK(told_ids(search(at, R"(key in (\"MOCK-7\") AND updated >= 1770000001000)")).empty());
    auto const all = R"(key in (\"MOCK-1\",\"MOCK-2\",\"MOCK-3\"))";
    CHECK(told_ids(search(at, all, R"(,"maxResults":200)")) == "1,2,");
    CHECK(told_ids(search(at, all, R"(,"maxResults":200,"startAt":2)")) == "3,");
}

TEST_CASE("Jira: one issue, by its old key too; what is hidden and what is missing")
{
    ground at{"kind=jira,bugs=30"};
    CHECK(at.json("/rest/api/2/issue/OLD-5").at("key") == "MOCK-5");
    CHECK(at.get("/rest/api/2/issue/MOCK-13").status == 401);
    CHECK(at.get("/rest/api/2/issue/MOCK-99").status == 404);
    auto const links = at.json("/rest/api/2/issue/MOCK-20").at("fields").at("issuelinks");
    CHECK(links.at(0).at("outwardIssue").at("key") == "MOCK-10");
    CHECK(at.json("/rest/api/2/issue/MOCK-5/comment").at("total") == 1);
    ground cloud{"kind=jira,flavour=cloud,bugs=30"};
    CHECK(cloud.get("/rest/api/2/issue/MOCK-13").status == 404);
}

TEST_CASE("Jira: a wrong login is refused, and on Cloud silently nobody's")
{
    ground at{"kind=jira,bugs=30"};
    std::string const bearer = "Bearer " + std::string{good_key};
    CHECK(at.get("/rest/api/2/issue/MOCK-13", {{"Authorization", bearer}}).status == 200);
    CHECK(at.get("/rest/api/2/myself", {{"Authorization", bearer}}).status == 200);
    auto const refused = at.get("/rest/api/2/serverInfo", {{"Authorization", "Bearer x"}});
    CHECK(refused.status == 401);
    CHECK(header(refused, "X-Seraph-LoginReason") == "AUTHENTICATED_FAILED");
    ground cloud{"kind=jira,flavour=cloud,bugs=30"};
    auto const silent = cloud.get("/rest/api/2/issue/MOCK-1", {{"Authorization", "Basic eDp5"}});
    CHECK(silent.status == 200);
    CHECK(header(silent, "X-Seraph-LoginReason") == "AUTHENTICATED_FAILED");
}

TEST_CASE("Jira Cloud: the old search is gone; bulk fetch takes a hundred, search goes by tokens")
{
    ground at{"kind=jira,flavour=cloud,bugs=150"};
    CHECK(search(at, "updated >= 0").status == 410);
    auto const bulk = [&](std::string const& keys) {
        return at.post(
            "/rest/api/3/issue/bulkfetch", "{\"issueIdsOrKeys\":[" + keys + "]}", "application/json");
    };
    CHECK(told_ids(bulk(R"("MOCK-1","MOCK-13","MOCK-999")")) == "1,");
    std::string many = "\"MOCK-1\"";
    for (int i = 2; i <= 101; ++i)
        many += ",\"MOCK-" + std::to_string(i) + "\"";
    CHECK(bulk(many).status == 400);
    CHECK(bulk("").status == 400);
    auto const first = at.post(
        "/rest/api/3/search/jql",
        R"x({"jql":"key in (\"MOCK-1\",\"MOCK-2\")","maxResults":1})x",
        "application/json");
    auto const body = boost::json::parse(first.body);
    CHECK(body.at("issues").as_array().size() == 1);
    CHECK(body.at("isLast") == false);
    CHECK(body.at("nextPageToken") == "1");
}

} // namespace checkwatches::mock
