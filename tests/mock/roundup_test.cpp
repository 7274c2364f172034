#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

constexpr std::string_view query = "/issue?@action=export_csv&@filter=id&";

} // namespace

TEST_CASE("mock Roundup: a search takes repeated ids, and leaves out what is hidden or missing")
{
    ground at{"kind=roundup,bugs=30"};
    at.bugs.change(1, {.status = "chatting", .priority = "bug"}, 1'770'000'000); // 2026-02-02T02:40:00Z
    auto const a = at.get("/rest/data/issue?id=1&id=13&id=99&@fields=status,activity&@verbose=2");
    CHECK(told_ids(a) == "1,");
    CHECK(contains(a.body, "\"name\": \"chatting\""));
    CHECK(contains(a.body, "\"activity\": \"2026-02-02.02:40:00\""));
    CHECK(told_ids(at.get("/rest/data/issue?id=1,2")).empty());
    CHECK(told_ids(at.get("/rest/data/issue?id=1&id=2&activity=2026-02-02.02:40:00%3B")) == "1,");
    CHECK(at.get("/rest/data/issue?@fields=nosuch").status == 400);
    CHECK_FALSE(contains(at.get("/rest/data/issue?id=1&@fields=status").body, "chatting"));
    CHECK(at.json("/rest/").at("data").at("default_version") == 1);
}

TEST_CASE("mock Roundup: one issue")
{
    ground at{"kind=roundup,bugs=30"};
    CHECK(at.get("/rest/data/issue/13").status == 403);
    CHECK(at.get("/rest/data/issue/99").status == 404);
    CHECK(contains(at.get("/rest/data/issue/20").body, "\"superseder\": [{\"id\": \"10\""));
    // watcher@example.org:open sesame & more
    std::string const basic = "Basic d2F0Y2hlckBleGFtcGxlLm9yZzpvcGVuIHNlc2FtZSAmIG1vcmU=";
    CHECK(at.get("/rest/data/issue/13", {{"Authorization", basic}}).status == 200);
    CHECK(at.get("/rest/data/issue/1", {{"Authorization", "Basic eDp5"}}).status == 401);
}

TEST_CASE("mock Roundup: pages count what is hidden")
{
    ground at{"kind=roundup,bugs=30,cap=1"};
    auto const empty = at.get("/rest/data/issue?id=13&id=14&@page_size=9");
    CHECK(told_ids(empty).empty());
    CHECK(contains(empty.body, "\"next\""));
    CHECK(told_ids(at.get("/rest/data/issue?id=13&id=14&@page_index=2")) == "14,");
}

TEST_CASE("mock Roundup: exports give names, and old ones numbers")
{
    ground at{"kind=roundup,bugs=30,flavour=1.5"};
    at.bugs.change(1, {.status = "chatting", .priority = "bug"}, 1'770'000'000);
    auto const a = at.get(std::string{query} + "@columns=id,status,priority&id=1,13,99");
    CHECK(a.body == "id,status,priority\r\n\"1\",\"chatting\",\"bug\"\r\n");
    CHECK(at.get(std::string{query} + "@columns=id,resolution&id=1").status == 400);
    CHECK(at.get("/rest/").status == 404);
    CHECK(at.get("/issue13").status == 403);
    CHECK(at.get("/issue1").status == 200);

    ground old{"kind=roundup,bugs=30,flavour=0.8,resolutions=1"};
    old.bugs.change(1, {.status = "open", .priority = "low"}, 1'770'000'000);
    CHECK(
        old.get(std::string{query} + "@columns=id,status,resolution&id=1").body
        == "id,status,resolution\r\n\"1\",\"1\",\"None\"\r\n");
    CHECK(contains(old.get("/status?@action=export_csv").body, "2,closed\r\n"));
}

} // namespace checkwatches::mock
