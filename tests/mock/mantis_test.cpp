#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const soap = "/api/soap/mantisconnect.php";
std::string const rest = "/api/rest/index.php/issues/";

std::string call(
    std::string const& method,
    std::string const& more,
    std::string const& user = "",
    std::string const& password = "")
{
    return "<E:Envelope xmlns:E=\"x\"><E:Body><m:" + method + "><username>" + user + "</username><password>"
           + password + "</password>" + more + "</m:" + method + "></E:Body></E:Envelope>";
}

} // namespace

TEST_CASE("Mantis' headers of many issues leave out what is missing or hidden")
{
    ground at{"kind=mantis,bugs=30"};
    auto const ids = "<issue_ids><item>1</item><item>13</item><item>99</item><item>20</item></issue_ids>";
    auto const a = at.post(soap, call("mc_issues_get_header", ids), "text/xml");
    CHECK(a.status == 200);
    CHECK(told_ids(a) == "1,20,");
    CHECK(contains(a.body, "<resolution xsi:type=\"xsd:integer\">60</resolution>"));
    CHECK_FALSE(contains(a.body, "relationships"));
    CHECK(at.bugs.asked() == 4);
    CHECK(at.bugs.asked_missing() == 1);

    auto const known = at.post(
        soap,
        call("mc_issues_get_header", ids, std::string{good_user}, "open sesame &amp; more"),
        "text/xml");
    CHECK(told_ids(known) == "1,13,20,");
    auto const wrong = at.post(soap, call("mc_issues_get_header", ids, "jo", "x"), "text/xml");
    CHECK(wrong.status == 500);
    CHECK(contains(wrong.body, "Access denied"));
}

TEST_CASE("Mantis' faults: a missing issue is 200 and HTML, a hidden one 500 and XML")
{
    ground at{"kind=mantis,bugs=30"};
    auto const missing = at.post(soap, call("mc_issue_get", "<issue_id>99</issue_id>"), "text/xml");
    CHECK(missing.status == 200);
    CHECK(header(missing, "Content-Type") == "text/html; charset=UTF-8");
    CHECK(contains(missing.body, "<faultstring>Issue #99 not found</faultstring>"));
    auto const hidden = at.post(soap, call("mc_issue_get", "<issue_id>13</issue_id>"), "text/xml");
    CHECK(hidden.status == 500);
    CHECK(contains(hidden.body, "Access denied for user anonymous."));
    auto const copy = at.post(soap, call("mc_issue_get", "<issue_id>20</issue_id>"), "text/xml");
    CHECK(contains(copy.body, "<target_id xsi:type=\"xsd:integer\">10</target_id>"));
    CHECK(contains(at.post(soap, call("mc_version", ""), "text/xml").body, ">2.27.1<"));
    ground none{"kind=mantis,bugs=30,soap=0"};
    CHECK(none.post(soap, call("mc_version", ""), "text/xml").body == "PHP SOAP extension is not enabled.");
}

TEST_CASE("Mantis' REST takes a bare token, and says in a header whose it is")
{
    ground at{"kind=mantis,bugs=30"};
    std::string const token{good_key};
    auto const mine = at.get(rest + "13?select=id,status", {{"Authorization", token}});
    CHECK(mine.status == 200);
    CHECK(header(mine, "X-Mantis-LoginMethod") == "api-token");
    for (auto const& other : {"Bearer " + token, std::string{"nope"}}) {
        auto const anybody = at.get(rest + "1", {{"Authorization", other}});
        CHECK(anybody.status == 200);
        CHECK(header(anybody, "X-Mantis-Username") == "anonymous");
    }
    CHECK(at.get(rest + "13").status == 403);
    CHECK(at.get(rest + "99").status == 404);
    CHECK(at.get(rest + "99").reason == "Issue #99 not found");
    CHECK(at.get(rest + "x").status == 400);
    CHECK(told_ids(at.get(rest + "1,2,3")) == "1,");
    auto const first = at.get(rest + "1");
    auto const tag = header(first, "ETag");
    CHECK(at.get(rest + "1", {{"If-None-Match", tag}}).status == 304);
    at.bugs.change(1, {.status = "confirmed", .priority = "immediate"}, 1'770'000'000);
    CHECK(at.get(rest + "1", {{"If-None-Match", tag}}).status == 200);
    ground shut{"kind=mantis,bugs=30,flavour=closed"};
    CHECK(shut.get(rest + "1").status == 401);
}

TEST_CASE("Mantis' export leaves closed issues out until a filter says otherwise")
{
    ground at{"kind=mantis,bugs=30"};
    at.bugs.change(1, {.status = "closed", .resolution = "wont fix"}, 1'770'000'000);
    CHECK_FALSE(contains(at.get("/csv_export.php").body, "0000001,"));
    auto const set = at.post("/view_all_set.php?f=3", "type=1&hide_status%5B%5D=%5Bnone%5D", "x");
    CHECK(set.status == 302);
    auto const cookie = header(set, "Set-Cookie");
    auto const a = at.get("/csv_export.php", {{"Cookie", cookie.substr(0, cookie.find(';'))}});
    CHECK(contains(a.body, "0000001,"));
    CHECK(contains(a.body, "won't fix"));
    CHECK_FALSE(contains(a.body, "0000013,"));
    CHECK(header(a, "Content-Encoding") == "UTF-8");
}

TEST_CASE("Mantis' pages of issues")
{
    ground at{"kind=mantis,bugs=30"};
    CHECK(contains(at.get("/view.php?id=20").body, "duplicate of"));
    CHECK(at.get("/view.php?id=99").status == 404);
    CHECK(contains(header(at.get("/view.php?id=13"), "Location"), "/login_page.php?return="));
    ground old{"kind=mantis,bugs=30,flavour=web"};
    CHECK(old.get("/view.php?id=99").status == 200);
    CHECK(contains(old.get("/view.php?id=99").body, "APPLICATION ERROR #1100"));
    CHECK_FALSE(contains(old.get("/view.php?id=1").body, "bug-status"));
    CHECK(old.get(rest + "1").status == 404);
}

} // namespace checkwatches::mock
