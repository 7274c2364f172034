#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

constexpr auto* api = "/api/v4/projects/gadgets%2Ffrob";
std::pair<std::string, std::string> const token{"PRIVATE-TOKEN", std::string{good_key}};

answer list(ground& at, std::string const& query, bool known = false)
{
    std::vector<std::pair<std::string, std::string>> headers;
    if (known)
        headers.push_back(token);
    return at.get(std::string{api} + "/issues?" + query, std::move(headers));
}

} // namespace

TEST_CASE("a GitLab lists the issues that are named, without what is confidential or missing")
{
    ground at{"kind=gitlab,bugs=30"};
    auto const a = list(at, "iids[]=1&iids[]=13&iids%5B%5D=3&iids[]=9999&per_page=100");
    CHECK(a.status == 200);
    CHECK(told_ids(a) == "3,1,");
    CHECK(header(a, "Content-Type") == "application/json");
    CHECK(header(a, "X-Total") == "2");
    CHECK(header(a, "X-Next-Page").empty());
    CHECK(header(a, "X-Gitlab-Meta").starts_with("{\"correlation_id\""));
    CHECK(told_ids(list(at, "iids[]=13", true)) == "13,");
    CHECK(list(at, "iids[]=x").status == 400);
    CHECK(at.bugs.asked_missing() == 1);
}

TEST_CASE("a GitLab shows twenty issues to a page, the latest first, with links")
{
    ground at{"kind=gitlab,bugs=50,totals=0"};
    auto const first = list(at, "");
    CHECK(first.tells.size() == 20);
    CHECK(first.tells.front().id == 50);
    CHECK(header(first, "X-Total").empty());
    CHECK(header(first, "X-Next-Page") == "2");
    CHECK(
        header(first, "Link")
        == "<http://127.0.0.1:4711/api/v4/projects/gadgets%2Ffrob/issues?page=2&per_page=20>; rel=\"next\"");
    CHECK(list(at, "page=3").tells.size() == 9);
    CHECK(list(at, "per_page=500").tells.size() == 49);
}

TEST_CASE("a GitLab's issue has a state, and labels for the rest")
{
    ground at{"kind=gitlab,bugs=30,moved=21"};
    at.bugs.change(
        1, {.status = "workflow::in dev", .priority = "priority::2", .severity = "LOW"}, 1'770'000'000);
    at.bugs.change(2, {.status = "closed", .resolution = "wontfix", .priority = "none"}, 1'770'000'000);
    auto const one = at.json(std::string{api} + "/issues/1");
    CHECK(one.at("state") == "opened");
    CHECK(one.at("labels") == boost::json::parse(R"(["component: core","workflow::in dev","priority::2"])"));
    CHECK(one.at("severity") == "LOW");
    CHECK(one.at("updated_at") == "2026-02-02T02:40:00.001Z");
    CHECK(one.at("web_url") == "http://127.0.0.1:4711/gadgets/frob/-/issues/1");
    auto const two = at.json(std::string{api} + "/issues/2");
    CHECK(two.at("state") == "closed");
    CHECK(two.at("labels") == boost::json::parse(R"(["component: core","wontfix"])"));
    CHECK(at.json(std::string{api} + "/issues/21").at("moved_to_id") == 9001);
    for (auto const* const hidden : {"/issues/13", "/issues/9999"}) {
        auto const a = at.get(std::string{api} + hidden);
        CHECK(a.status == 404);
        CHECK(a.body == R"({"message":"404 Not found"})");
    }
}

TEST_CASE("a GitLab tells what an issue duplicates to those who log in, and by GraphQL to all")
{
    ground at{"kind=gitlab,bugs=30,moved=21"};
    auto const twin = R"("closed_as_duplicate_of":"http://127.0.0.1:4711/api/v4/projects/15/issues/10")";
    CHECK_FALSE(contains(list(at, "iids[]=20").body, twin));
    CHECK(contains(list(at, "iids[]=20", true).body, twin));
    auto const ask = [](ground& in, std::string const& query) {
        return in.post(
            "/api/graphql",
            R"({"query":"{)" + query + R"(}","variables":{"p":"gadgets/frob","i":["20","21","13"]}})",
            "application/json");
    };
    auto const a = ask(at, "closedAsDuplicateOf");
    CHECK(told_ids(a) == "20,21,");
    CHECK(contains(
        a.body, R"("closedAsDuplicateOf":{"webUrl":"http://127.0.0.1:4711/gadgets/frob/-/issues/10"})"));
    CHECK(contains(a.body, R"("movedTo":{"webUrl":"http://127.0.0.1:4711/gadgets/other/-/issues/1"})"));
    CHECK(contains(ask(at, "WorkItemWidgetStatus").body, "No such type"));
    ground old{"kind=gitlab,bugs=30,flavour=old"};
    CHECK(contains(ask(old, "closedAsDuplicateOf").body, "doesn't exist"));
    ground premium{"kind=gitlab,bugs=30,flavour=premium"};
    CHECK(contains(ask(premium, "WorkItemWidgetStatus").body, R"("status":{"name":"Duplicate"})"));
    ground absent{"kind=gitlab,bugs=30,graphql=absent"};
    CHECK(ask(absent, "").status == 404);
}

TEST_CASE("a GitLab's updated_after is from a time on, and a list has an ETag")
{
    ground at{"kind=gitlab,bugs=30"};
    at.bugs.change(7, {.severity = "HIGH"}, 1'770'000'000); // 2026-02-02T02:40:00.007Z
    CHECK(told_ids(list(at, "iids[]=7&iids[]=8&updated_after=2026-02-02T02:40:00.007Z")) == "7,");
    CHECK(told_ids(list(at, "iids[]=7&iids[]=8&updated_after=2026-02-02T02:40:00.008Z")).empty());
    CHECK(list(at, "updated_after=soon").status == 400);
    auto const tag = header(list(at, "iids[]=7"), "Etag");
    CHECK(tag.starts_with("W/\""));
    auto const again = [&] {
        return at.get(std::string{api} + "/issues?iids[]=7", {{"If-None-Match", tag}}).status;
    };
    CHECK(again() == 304);
    at.bugs.change(7, {.severity = "LOW"}, 1'770'000'001);
    CHECK(again() == 200);
}

TEST_CASE("a GitLab's tokens, notes, projects and limits")
{
    ground at{"kind=gitlab,bugs=30,old=gadgets/before,limit=9"};
    CHECK(at.get("/api/v4/user").status == 401);
    CHECK(contains(at.get("/api/v4/user", {token}).body, "\"username\":\"watcher\""));
    CHECK(at.get("/api/v4/user", {{"Authorization", "Bearer " + token.second}}).status == 200);
    CHECK(at.get(api, {{"PRIVATE-TOKEN", "glpat-x"}}).body == R"({"message":"401 Unauthorized"})");
    CHECK(at.get(std::string{api} + "/issues/1/notes").status == 401);
    auto const notes = at.get(std::string{api} + "/issues/1/notes?activity_filter=only_comments", {token});
    CHECK_FALSE(contains(notes.body, "\"system\":true"));
    CHECK(at.get("/api/v4/projects/gadgets%2Fnone").body == R"({"message":"404 Project Not Found"})");
    auto const moved = at.get("/api/v4/projects/gadgets%2Fbefore/issues?iids[]=1");
    CHECK(moved.status == 301);
    CHECK(header(moved, "Location") == "http://127.0.0.1:4711/api/v4/projects/15/issues?iids[]=1");
    CHECK(told_ids(at.get("/api/v4/projects/15/issues?iids[]=1")) == "1,");
    auto const late = at.get(api);
    CHECK(late.status == 429);
    CHECK(late.body == "Retry later\n");
    CHECK(header(late, "Content-Type") == "text/plain");

    ground closed{"kind=gitlab,private=1,prefix=/git"};
    CHECK(closed.get("/git/api/v4/projects/gadgets%2Ffrob").status == 404);
    CHECK(closed.get("/git/api/v4/projects/gadgets%2Ffrob", {token}).status == 200);
    CHECK(contains(header(closed.get("/api/v4/projects/gadgets%2Ffrob"), "Content-Type"), "text/html"));
    ground locked{"kind=gitlab,login=1"};
    CHECK(locked.get(api).status == 401);
}

} // namespace checkwatches::mock
