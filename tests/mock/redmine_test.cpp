#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

TEST_CASE("Redmine lists the open issues only, 25 of them, the latest first, unless it is told otherwise")
{
    ground at{"kind=redmine,bugs=150"};
    at.bugs.change(1, {.status = "Closed"}, 1'770'000'000);
    at.bugs.change(2, {.status = "New"}, 1'770'000'000);
    CHECK(told_ids(at.get("/issues.json?issue_id=1,2")) == "2,");
    CHECK(told_ids(at.get("/issues.json?issue_id=1,2&status_id=*")) == "2,1,");
    CHECK(told_ids(at.get("/issues.json?issue_id=1,2&status_id=*&sort=id")) == "1,2,");
    CHECK(at.get("/issues.json?status_id=*").tells.size() == 25);
    auto const most = at.json("/issues.json?status_id=*&limit=1000");
    CHECK(most.at("issues").as_array().size() == 100);
    CHECK(most.at("limit") == 100);
    CHECK(most.at("total_count") == 149);
    CHECK(at.get("/issues.json?status_id=*&limit=100&offset=100").tells.size() == 49);
}

TEST_CASE("Redmine leaves out what is missing or hidden, and says why for one")
{
    ground at{"kind=redmine,bugs=30"};
    CHECK(told_ids(at.get("/issues.json?issue_id=12,13,9999&status_id=*")) == "12,");
    CHECK(at.get("/issues.json?issue_id=abc&status_id=*").status == 422);
    CHECK(at.get("/issues.json?issue_id=1,99999999999&status_id=*").status == 500);
    auto const missing = at.get("/issues/9999.json");
    CHECK(missing.status == 404);
    CHECK(missing.body.empty());
    auto const hidden = at.get("/issues/13.json");
    CHECK(hidden.status == 401);
    CHECK(header(hidden, "WWW-Authenticate") == "Basic realm=\"Redmine API\"");
    auto const relation = at.json("/issues/20.json?include=relations").at("issue").at("relations").at(0);
    CHECK(relation.at("relation_type") == "duplicates");
    CHECK(relation.at("issue_id") == 20);
    CHECK(relation.at("issue_to_id") == 10);
}

TEST_CASE("Redmine takes a wrong key for nobody, and refuses a wrong password")
{
    ground at{"kind=redmine,bugs=30"};
    std::string const key{good_key};
    CHECK(at.get("/issues/13.json", {{"X-Redmine-API-Key", key}}).status == 200);
    CHECK(at.get("/issues/13.json?key=" + key).status == 200);
    CHECK(at.get("/issues/1.json", {{"X-Redmine-API-Key", "bad"}}).status == 200);
    CHECK(at.get("/issues/13.json", {{"X-Redmine-API-Key", "bad"}}).status == 401);
    CHECK(at.get("/users/current.json", {{"X-Redmine-API-Key", "bad"}}).status == 401);
    CHECK(at.get("/users/current.json", {{"X-Redmine-API-Key", key}}).status == 200);
    CHECK(at.get("/issues/1.json", {{"Authorization", "Basic eDp5"}}).status == 401);
    ground closed{"kind=redmine,login=1"};
    CHECK(closed.get("/issues.json").status == 401);
    ground off{"kind=redmine,api=0"};
    CHECK(off.get("/issues.json").status == 403);
    CHECK(contains(off.get("/").body, "content=\"Redmine\""));
}

TEST_CASE("Redmine has changes from a time on, a weak ETag, and journals")
{
    ground at{"kind=redmine,bugs=30"};
    at.bugs.change(7, {.status = "Closed"}, 1'770'000'000); // 2026-02-02T02:40:00Z
    auto const found = [&](ground& in, std::string const& from) {
        return told_ids(in.get("/issues.json?issue_id=7,8&status_id=*&updated_on=%3E%3D" + from));
    };
    CHECK(found(at, "2026-02-02T02:40:00Z") == "7,");
    CHECK(found(at, "2026-02-02T02:40:01Z").empty());
    auto const first = at.get("/issues/7.json");
    auto const tag = header(first, "ETag");
    CHECK(tag.starts_with("W/\""));
    CHECK(at.get("/issues/7.json", {{"If-None-Match", tag}}).status == 304);
    auto const journals = at.json("/issues/7.json?include=journals").at("issue").at("journals").as_array();
    REQUIRE(journals.size() == 3);
    CHECK(journals[0].at("notes") == "");
    CHECK(contains(std::string{journals[2].at("notes").as_string()}, "Closed"));

    ground older{"kind=redmine,flavour=3.4,bugs=30"};
    auto const issue = older.json("/issues/7.json").at("issue");
    CHECK_FALSE(issue.at("status").as_object().contains("is_closed"));
    CHECK(issue.at("created_on") == "2026-01-01T07:00:00.000Z");
    ground oldest{"kind=redmine,flavour=1.0,bugs=30"};
    CHECK(oldest.get("/issues.json?issue_id=7&status_id=*&limit=100").tells.size() == 29);
}

} // namespace checkwatches::mock
