#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

headers token()
{
    return {{"Authorization", "Bearer " + std::string{good_key}}};
}

std::string const issues = "/api/v3/repos/acme/widget/issues";

} // namespace

TEST_CASE("a mock GitHub tells an issue and what became of others")
{
    ground at{"kind=github,bugs=30,moved=3,deleted=4"};
    at.bugs.change(
        1,
        {.status = "closed", .resolution = "not_planned", .priority = "P0", .severity = "bug"},
        1'770'000'000);
    auto const a = at.json(issues + "/1");
    CHECK(a.at("number") == 1);
    CHECK(a.at("state") == "closed");
    CHECK(a.at("state_reason") == "not_planned");
    CHECK(a.at("labels").at(1).at("name") == "P0");
    CHECK(a.at("updated_at") == "2026-02-02T02:40:00Z");
    CHECK(a.at("html_url") == "http://127.0.0.1:4711/acme/widget/issues/1");
    CHECK(at.json("/api/v3/repos/ACME/Widget/issues/20").at("state_reason") == "duplicate");
    CHECK(at.json(issues + "/7").as_object().contains("pull_request"));

    CHECK(at.get(issues + "/13").status == 404);
    CHECK(at.get(issues + "/13", token()).status == 200);
    CHECK(at.get(issues + "/31").status == 404);
    CHECK(at.get(issues + "/1/").status == 404);
    CHECK(at.get(issues + "/4").status == 410);
    auto const moved = at.get(issues + "/3");
    CHECK(moved.status == 301);
    CHECK(header(moved, "Location") == "http://127.0.0.1:4711/api/v3/repositories/2/issues/1003");
    CHECK(
        at.json("/api/v3/repositories/2/issues/1003").at("html_url")
        == "http://127.0.0.1:4711/acme/elsewhere/issues/1003");
    CHECK(at.get(issues + "/1", {{"Authorization", "Bearer x"}}).status == 401);
}

TEST_CASE("a mock GitHub pages its list by Link, and takes since and state")
{
    ground at{"kind=github,bugs=30"};
    auto const first = at.get(issues + "?state=all&direction=asc&per_page=10&since=2026-01-01T00:00:00Z");
    CHECK(told_ids(first) == "1,2,3,4,5,6,7,8,9,10,");
    CHECK(contains(
        header(first, "Link"),
        "<http://127.0.0.1:4711/api/v3/repositories/1296269/issues?state=all&direction=asc&per_page=10&"
        "since=2026-01-01T00%3A00%3A00Z&page=2>; rel=\"next\""));
    auto const last = at.get(
        "/api/v3/repositories/1296269/issues?state=all&direction=asc&per_page=10&page=3");
    CHECK(told_ids(last) == "22,23,24,25,26,27,28,29,30,"); // without the hidden one
    CHECK_FALSE(contains(header(last, "Link"), "next"));

    at.bugs.change(9, {.status = "closed", .resolution = "completed"}, 1'770'000'000);
    at.bugs.change(2, {.status = "open"}, 1'770'000'001);
    CHECK(told_ids(at.get(issues + "?state=all&sort=updated&since=2026-02-02T02:40:00Z")) == "2,9,");
    CHECK(told_ids(at.get(issues + "?since=2026-02-02T02:40:00Z")) == "2,");
    ground none{"kind=github,issues=0"};
    CHECK(none.get(issues).status == 410);
}

TEST_CASE("a mock GitHub answers 304, free of its limit with a token only")
{
    ground at{"kind=github,bugs=30,limit=3"};
    for (auto const& who : {token(), headers{}}) {
        auto const first = at.get(issues + "/1", who);
        CHECK(header(first, "X-RateLimit-Remaining") == "2");
        auto again = who;
        again.emplace_back("If-None-Match", header(first, "ETag"));
        auto const same = at.get(issues + "/1", again);
        CHECK(same.status == 304);
        CHECK(header(same, "X-RateLimit-Remaining") == (who.empty() ? "1" : "2"));
    }
    CHECK(at.get(issues + "/2").status == 200);
    auto const over = at.get(issues + "/2");
    CHECK(over.status == 403);
    CHECK(header(over, "X-RateLimit-Remaining") == "0");
    CHECK(contains(over.body, "API rate limit exceeded"));
    CHECK(at.json("/api/v3/rate_limit").at("rate").at("used") == 3);

    ground secondary{"kind=github,secondary=2"};
    CHECK(secondary.get(issues + "/1").status == 200);
    CHECK(secondary.get(issues + "/1").status == 403);
    CHECK(secondary.get("/api/v3/rate_limit").status == 404);
}

TEST_CASE("a mock GitHub speaks GraphQL with data and errors together")
{
    ground at{"kind=github,bugs=30"};
    auto const ask = [](ground& in, std::string_view query, headers who) {
        return in.post(
            "/api/graphql",
            R"({"query":"query { repository(owner:$owner,name:$name){url )" + std::string{query}
                + R"(}}","variables":{"owner":"acme","name":"widget"}})",
            "application/json",
            std::move(who));
    };
    auto const query = "i20:issueOrPullRequest(number:20){...f} i99:issueOrPullRequest(number:99){...f}";
    CHECK(ask(at, query, {}).status == 401);
    auto const got = boost::json::parse(ask(at, query, token()).body);
    auto const& project = got.at("data").at("repository");
    CHECK(project.at("i20").at("stateReason") == "DUPLICATE");
    CHECK(project.at("i20").at("duplicateOf").at("number") == 10);
    CHECK(project.at("i99").is_null());
    CHECK(got.at("errors").at(0).at("type") == "NOT_FOUND");
    CHECK(got.at("errors").at(0).at("path").at(1) == "i99");

    ground old{"kind=github,schema=0"};
    CHECK(contains(ask(old, "duplicateOf i1:issueOrPullRequest(number:1)", token()).body, "undefinedField"));
    ground limited{"kind=github,limited_query=1"};
    CHECK(contains(ask(limited, query, token()).body, "RATE_LIMITED"));
    ground none{"kind=github,graphql=0"};
    CHECK(ask(none, query, token()).status == 404);
}

TEST_CASE("a mock GitHub with a new name redirects its old one")
{
    ground at{"kind=github,bugs=9,renamed=1"};
    CHECK(
        header(at.get(issues + "/1?x=y"), "Location")
        == "http://127.0.0.1:4711/api/v3/repositories/1296269/issues/1?x=y");
    CHECK(at.json("/api/v3/repositories/1296269/issues/1").at("number") == 1);
    CHECK(at.get("/api/v3/repos/acme/other/issues/1").status == 404);
}

TEST_CASE("a mock GitHub tells comments from a time on")
{
    ground at{"kind=github,bugs=9"};
    at.bugs.change(1, {.status = "open"}, 1'770'000'000);
    auto const all = at.json(issues + "/1/comments").as_array();
    CHECK(all.size() == 2);
    CHECK(at.json(issues + "/1").at("comments") == 2);
    auto const some = at.json(issues + "/1/comments?since=2026-02-02T02:40:00Z").as_array();
    REQUIRE(some.size() == 1);
    CHECK(some[0].at("user").at("login") == all[1].at("user").at("login"));
}

} // namespace checkwatches::mock
