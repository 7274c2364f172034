#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";

} // namespace

TEST_CASE("Bugzilla's CSV has its own ideas of a resolution and of order")
{
    ground at{"kind=bugzilla,bugs=60"};
    at.bugs.change(1, {.status = "CONFIRMED", .resolution = "", .priority = "Lowest"}, 1'770'000'000);
    at.bugs.change(2, {.status = "UNCONFIRMED", .resolution = "", .priority = "High"}, 1'770'000'000);
    at.bugs.change(3, {.status = "RESOLVED", .resolution = "FIXED", .priority = "Low"}, 1'770'000'000);
    at.bugs.change(9, {.status = "CONFIRMED", .resolution = "", .priority = "High"}, 1'770'000'000);
    auto const a = at.get("/buglist.cgi?bug_id=1,2,3,9,13,999&ctype=csv&columnlist=bug_status,resolution,"
                          "nosuch,changeddate,short_desc");
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "text/csv; charset=UTF-8");
    CHECK(header(a, "Content-disposition").starts_with("attachment; filename=\"bugs-20"));
    auto const rows = lines(a.body);
    REQUIRE(rows.size() == 5);
    CHECK(rows[0] == R"(bug_id,"bug_status","resolution","changeddate","short_desc")");
    CHECK(rows[1] == R"(2,"UNCONFIRMED"," ---","2026-02-02 02:40:00","Ünïcödé täst → 日本 😀 #2")");
    CHECK(rows[2].starts_with(R"(9,"CONFIRMED"," ---",)"));
    CHECK(
        rows[3] == R"(1,"CONFIRMED"," ---","2026-02-02 02:40:00","Comma, ""quoted"" and 'single' title #1")");
    CHECK(rows[4].starts_with(R"(3,"RESOLVED","FIXED",)"));
    CHECK(a.body.find('\r') == std::string::npos);

    CHECK(
        at.get("/buglist.cgi?bug_id=999&ctype=csv").body
        == "bug_id,\"product\",\"component\",\"assigned_to\",\"bug_status\",\"resolution\",\"short_desc\","
           "\"changeddate\"\n");
}

TEST_CASE("on Bugzilla's pages a key means nothing and an error is a page")
{
    ground at{"kind=bugzilla,bugs=30"};
    std::string const csv = "/buglist.cgi?bug_id=13&ctype=csv&columnlist=bug_status";
    CHECK(told_ids(at.get(csv + "&Bugzilla_api_key=" + std::string{good_key})).empty());
    CHECK(told_ids(at.get(csv, {{"Cookie", "Bugzilla_logincookie=" + std::string{"hK7sWq2Lm9"}}})) == "13,");
    auto const is_page = [](answer const& a, std::string_view title) {
        return a.status == 200 && header(a, "Content-Type").starts_with("text/html")
               && contains(a.body, fmt::format("<title>{}</title>", title));
    };
    CHECK(is_page(at.get(csv + "&Bugzilla_login=a&Bugzilla_password=b"), "Untrusted Authentication Request"));
    CHECK(is_page(at.get("/buglist.cgi?ctype=csv"), "Parameters Required"));
    CHECK(is_page(at.get("/show_bug.cgi?id=999"), "Missing Bug ID"));
    CHECK(is_page(at.get("/show_bug.cgi?id=13"), "Access Denied"));
    ground closed{"kind=bugzilla,require_login=1"};
    CHECK(is_page(closed.get(csv), "Log in to Bugzilla"));
    CHECK(is_page(closed.get("/show_bug.cgi?ctype=xml&id=1"), "Log in to Bugzilla"));
}

TEST_CASE("a short search by POST leads to the address, a long one is answered")
{
    ground at{"kind=bugzilla,bugs=30"};
    auto const moved = at.post("/buglist.cgi", "bug_id=1%2C2&ctype=csv", form_type);
    CHECK(moved.status == 302);
    CHECK(header(moved, "Location") == "http://127.0.0.1:4711/buglist.cgi?bug_id=1%2C2&ctype=csv");
    std::string ids = "1,2";
    while (ids.size() < 8000)
        ids += ",9999999";
    auto const told = at.post("/buglist.cgi", "ctype=csv&columnlist=bug_id&bug_id=" + ids, form_type);
    CHECK(told.status == 200);
    CHECK(told.tells.size() == 2);
    CHECK(lines(told.body).front() == "bug_id");
}

TEST_CASE("RDF is what old Bugzillas have for a list")
{
    ground at{"kind=bugzilla,flavour=2.20,bugs=30"};
    at.bugs.change(2, {.status = "NEW", .resolution = ""}, 1'770'000'000);
    auto const a = at.post(
        "/buglist.cgi",
        "form_name=buglist.cgi&columnlist=id,product,bug_status,resolution,priority,bug_severity&bug_id=2,13,"
        "99"
        "&ctype=rdf&bug_id_type=include",
        form_type);
    CHECK(a.status == 200);
    CHECK(contains(header(a, "Content-Type"), "rdf+xml"));
    CHECK(contains(a.body, "<bz:id nc:parseType=\"Integer\">2</bz:id>"));
    CHECK(contains(a.body, "<bz:bug_status>NEW</bz:bug_status>"));
    CHECK(contains(a.body, "<bz:resolution></bz:resolution>"));
    CHECK(told_ids(a) == "2,");
    ground older{"kind=bugzilla,flavour=2.16,bugs=30"};
    CHECK(contains(older.get("/buglist.cgi?bug_id=2&format=rdf&columnlist=bug_status").body, "<bz:status>"));
}

TEST_CASE("show_bug tells each bug or why not")
{
    ground at{"kind=bugzilla,bugs=30"};
    auto const a = at.get(
        "/show_bug.cgi?ctype=xml&id=20&id=13&id=9999,abc&field=bug_id&field=bug_status&field=dup_id");
    CHECK(header(a, "Content-Type") == "application/xml; charset=UTF-8");
    CHECK(
        a.body.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\" ?>\n"
                           "<!DOCTYPE bugzilla SYSTEM \"http://127.0.0.1:4711/page.cgi?id=bugzilla.dtd\">\n\n"
                           "<bugzilla version=\"5.2\"\n"));
    CHECK(contains(
        a.body,
        "          <bug_id>20</bug_id>\n          <bug_status>RESOLVED</bug_status>\n"
        "          <dup_id>10</dup_id>\n"));
    CHECK(contains(a.body, "    <bug error=\"NotPermitted\">\n      <bug_id>13</bug_id>\n    </bug>\n"));
    CHECK(contains(a.body, "    <bug error=\"InvalidBugId\">\n      <bug_id>9999</bug_id>"));
    CHECK(contains(a.body, "    <bug error=\"InvalidBugId\">\n      <bug_id>abc</bug_id>"));
    CHECK_FALSE(contains(a.body, "<short_desc>"));
    auto const full = at.get("/show_bug.cgi?ctype=xml&id=1").body;
    CHECK(contains(full, "<short_desc>Comma, &quot;quoted&quot;"));
    CHECK(contains(full, "<delta_ts>2026-01-01 01:30:00 +0000</delta_ts>"));
    CHECK(contains(full, "<long_desc"));
    auto const less = at.get("/show_bug.cgi?ctype=xml&id=1&excludefield=long_desc").body;
    CHECK_FALSE(contains(less, "<long_desc"));
}

TEST_CASE("xml.cgi is the oldest way, and leads on where it is not")
{
    ground old{"kind=bugzilla,flavour=2.10,bugs=30"};
    auto const a = old.get("/xml.cgi?id=1,99");
    CHECK(contains(a.body, "<bugzilla version=\"2.10\""));
    CHECK(contains(a.body, "<bug_id>1</bug_id>"));
    CHECK(contains(a.body, "<bug error=\"NotFound\">"));
    CHECK(old.get("/buglist.cgi?bug_id=1&ctype=rdf").status == 404);
    ground issues{"kind=bugzilla,flavour=issuezilla,bugs=30"};
    auto const issue = issues.get("/xml.cgi?id=1").body;
    CHECK(contains(issue, "<issuezilla version=\"2.11\""));
    CHECK(contains(issue, "<issue_status>"));
    CHECK_FALSE(contains(issue, "bug_severity"));
    auto const modern = ground{"kind=bugzilla"}.get("/xml.cgi?id=1,2");
    CHECK(modern.status == 302);
    CHECK(header(modern, "Location") == "http://127.0.0.1:4711/show_bug.cgi?ctype=xml&id=1,2");
}

} // namespace checkwatches::mock
