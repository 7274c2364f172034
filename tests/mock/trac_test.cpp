#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

constexpr std::string_view mark = "\xef\xbb\xbf";
std::string const cookie = "trac_auth=5be0c37d42f1a8697d0e3b1f6c92a4d8";

} // namespace

TEST_CASE("a query answers CSV with a mark, labels and CRLF")
{
    ground at{"kind=trac,bugs=30"};
    at.bugs.change(1, {.status = "assigned", .resolution = "", .priority = "trivial"}, 1'770'000'000);
    at.bugs.change(3, {.status = "closed", .resolution = "fixed", .priority = "blocker"}, 1'770'000'000);
    auto const a = at.get("/query?id=1,3,13,9999&format=csv&col=id&col=nosuch&col=status&col=resolution&col="
                          "changetime&col=summary");
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "text/csv;charset=utf-8");
    CHECK(header(a, "Content-Disposition") == "attachment; filename=query.csv");
    CHECK(
        a.body
        == std::string{mark}
               + "id,Status,Resolution,Modified,Summary\r\n"
                 "3,closed,fixed,\"Feb 2, 2026, 2:40:00 AM\",<b>markup & entities</b> &amp; #3\r\n"
                 "1,assigned,,\"Feb 2, 2026, 2:40:00 AM\",\"Comma, \"\"quoted\"\" and 'single' title "
                 "#1\"\r\n");
    CHECK(at.get("/query?id=9999&format=csv&col=id&col=status").body == std::string{mark} + "id,Status\r\n");
    // A cell may span lines.
    CHECK(contains(
        at.get("/query?id=4&format=csv&col=id&col=summary").body,
        "4,\"First line\nsecond, \"\"line\"\" #4\"\r\n"));
    CHECK(
        lines(at.get("/query?id=1&format=csv").body).front()
        == std::string{mark} + "id,Summary,Owner,Type,Status,Priority,Milestone\r");
    CHECK(
        lines(at.get("/query?id=1&format=csv&order=resolution").body).front()
        == std::string{mark} + "id,Summary,Owner,Type,Status,Priority,Resolution\r");
}

TEST_CASE("a Trac whose queries are disabled still has its tickets")
{
    ground at{"kind=trac,bugs=30,query=0"};
    CHECK(at.get("/query?id=1&format=csv&col=id").status == 404);
    CHECK(at.get("/ticket/1?format=csv").status == 200);
}

TEST_CASE("a query takes ranges, repeated ids and an order")
{
    ground at{"kind=trac,bugs=30"};
    CHECK(told_ids(at.get("/query?id=1-5,8&format=csv&order=id")) == "1,2,3,4,5,8,");
    CHECK(told_ids(at.get("/query?id=2&id=1&id=2&format=csv&order=id&max=0")) == "1,2,");
    CHECK(told_ids(at.get("/query?id=1-5&format=csv&order=id&max=2")) == "1,2,");
    CHECK(told_ids(at.get("/query?id=28-99&format=csv&order=id&desc=1")) == "30,29,28,");
    at.bugs.change(7, {.priority = "blocker"}, 1'770'000'000);
    at.bugs.change(2, {.priority = "trivial"}, 1'770'000'000);
    CHECK(told_ids(at.get("/query?id=2,7&format=csv")) == "7,2,");
    CHECK(told_ids(at.get("/query?id=1-30&format=csv&changetime=2026-02-01T00:00:00Z..")) == "7,2,");
}

TEST_CASE("a query without a constraint asks its own question")
{
    ground at{"kind=trac,bugs=60"};
    auto const trap = at.get("/query?ids=3&format=csv&col=id&col=status&order=id");
    CHECK(trap.tells.size() > 10);
    CHECK_FALSE(contains(trap.body, "closed"));
    CHECK(told_ids(at.get("/query?id=&format=csv&order=id")) == told_ids(trap));
    // What is no id is an error behind the headers.
    auto const bad = at.get("/query?id=1,abc&format=csv");
    CHECK(bad.status == 200);
    CHECK(header(bad, "Content-Type") == "text/csv;charset=utf-8");
    CHECK(bad.body.empty());
}

TEST_CASE("an old Trac speaks in names and pages")
{
    ground at{"kind=trac,flavour=0.10,bugs=250"};
    at.bugs.change(1, {.status = "new", .resolution = ""}, 1'770'000'000);
    auto const rows = lines(at.get("/query?id=1&order=resolution&format=csv").body);
    CHECK(rows[0] == std::string{mark} + "id,summary,owner,type,status,priority,resolution\r");
    CHECK(rows[1].ends_with(",--\r"));
    CHECK(at.get("/query?id=1-250&format=csv").tells.size() == 100);
    CHECK(at.get("/query?id=1-250&format=csv&max=0").tells.size() == 249);
    CHECK(at.get("/query?id=abc&format=csv").status == 500);
    CHECK(contains(header(at.get("/ticket/1?format=csv"), "Content-Type"), "text/html"));
    CHECK(at.get("/rpc").status == 404);
    // No severities: the column is dropped like an unknown one.
    CHECK(
        lines(at.get("/query?id=1&format=csv&col=id&col=severity&col=status").body)[0]
        == std::string{mark} + "id,status\r");
}

TEST_CASE("a ticket's CSV has names; a missing or hidden one is a page")
{
    ground at{"kind=trac,bugs=30"};
    auto const a = at.get("/ticket/2?format=csv");
    CHECK(a.body.starts_with(
        std::string{mark}
        + "id,summary,reporter,owner,description,type,status,priority,milestone,component,"
          "version,severity,resolution,keywords,cc\r\n2,"));
    CHECK(contains(a.body, "\"Desc 2\nsecond line, with \"\"quotes\"\"\""));
    CHECK(header(a, "Content-Disposition") == "attachment; filename=t2.csv");
    CHECK(contains(at.get("/ticket/2?format=tab").body, "id\tsummary\t"));
    auto const missing = at.get("/ticket/9999?format=csv");
    CHECK(missing.status == 404);
    CHECK(contains(header(missing, "Content-Type"), "text/html"));
    CHECK(at.get("/ticket/13?format=csv").status == 403);
    CHECK(contains(at.get("/ticket/2").body, "tracpowered"));
}

TEST_CASE("Trac's login is a cookie from /login, and Basic means nothing elsewhere")
{
    ground at{"kind=trac,bugs=30"};
    // watcher@example.org:open sesame & more
    std::string const basic = "Basic d2F0Y2hlckBleGFtcGxlLm9yZzpvcGVuIHNlc2FtZSAmIG1vcmU=";
    CHECK(at.get("/ticket/13?format=csv", {{"Authorization", basic}}).status == 403);
    auto const refused = at.get("/login");
    CHECK(refused.status == 401);
    CHECK(contains(header(refused, "WWW-Authenticate"), "Basic realm="));
    CHECK(refused.body.empty());
    CHECK(at.get("/login", {{"Authorization", "Basic eDp5"}}).status == 401);
    auto const in = at.get("/login", {{"Authorization", basic}});
    CHECK(in.status == 302);
    CHECK(header(in, "Set-Cookie").starts_with(cookie));
    CHECK(at.get("/ticket/13?format=csv", {{"Cookie", cookie}}).status == 200);
    CHECK(told_ids(at.get("/query?id=13&format=csv", {{"Cookie", "a=b; " + cookie}})) == "13,");
    CHECK(at.get("/login/ticket/13").status == 404);
    CHECK(header(at.get("/query?id=1&format=csv"), "Set-Cookie").starts_with("trac_session="));

    ground closed{"kind=trac,require_login=1"};
    CHECK(closed.get("/query?id=1&format=csv").status == 403);
    CHECK(closed.get("/query?id=1&format=csv", {{"Cookie", cookie}}).status == 200);
}

TEST_CASE("changetime is from a time on, of versions that know it")
{
    ground at{"kind=trac,bugs=30"};
    at.bugs.change(7, {.status = "closed"}, 1'770'000'000); // 2026-02-02T02:40:00Z
    auto const found = [](ground& in, std::string_view since) {
        return told_ids(in.get(
            "/query?id=7,8&changetime=" + std::string{since} + "..&col=id&col=status&order=id&format=csv"));
    };
    CHECK(found(at, "2026-02-02T02:40:00Z") == "7,");
    CHECK(found(at, "2026-02-02T02:40:01Z").empty());
    CHECK(header(at.get("/query?id=7&format=csv"), "Date").ends_with(" GMT"));
    ground old{"kind=trac,bugs=30,flavour=0.10"};
    CHECK(found(old, "2026-02-02T02:40:00Z") == "7,8,");
}

} // namespace checkwatches::mock
