#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string call(std::string_view method, std::string_view arguments)
{
    return R"(<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><)"
           + std::string{method} + R"( xmlns="Debbugs/SOAP/V1">)" + std::string{arguments} + "</"
           + std::string{method} + "></soap:Body></soap:Envelope>";
}

answer ask(ground& at, std::string_view method, std::string_view arguments)
{
    return at.post("/cgi-bin/soap.cgi", call(method, arguments), "text/xml");
}

std::string const three_bugs = "<arg><item>3</item><item>13</item><item>9999</item></arg>";

} // namespace

TEST_CASE("Debbugs answers a map of the bugs that there are")
{
    ground at{"kind=debbugs,bugs=60"};
    at.bugs.change(3, {.status = "done", .severity = "grave"}, 1'770'000'000);
    auto const a = ask(at, "get_status", three_bugs);
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "text/xml; charset=utf-8");
    CHECK(told_ids(a) == "3,");
    CHECK(contains(
        a.body, R"(<get_statusResponse xmlns="Debbugs/SOAP/V1"><s-gensym3 xsi:type="apachens:Map">)"));
    CHECK(contains(
        a.body, R"(<item><key xsi:type="xsd:int">3</key><value><bug_num xsi:type="xsd:int">3</bug_num>)"));
    CHECK(contains(a.body, R"(<severity xsi:type="xsd:string">grave</severity>)"));
    CHECK(contains(a.body, R"(<done xsi:type="xsd:string">J Doe &lt;dev@example.org&gt;</done>)"));
    CHECK(contains(a.body, R"(<last_modified xsi:type="xsd:int">1770000000</last_modified>)"));
    // Ids can be arguments of their own too.
    CHECK(told_ids(ask(at, "get_status", "<a>3</a><b>4</b>")) == "3,4,");
    CHECK(at.bugs.asked_missing() == 1);
    // What is beyond ASCII is base64; merged bugs are named.
    CHECK(contains(
        ask(at, "get_status", "<a>2</a>").body, "<subject xsi:type=\"xsd:base64Binary\">w5xuw69jw7Zkw6kg"));
    CHECK(contains(
        ask(at, "get_status", "<a>20</a>").body, R"(<mergedwith xsi:type="xsd:int">10</mergedwith>)"));
}

TEST_CASE("Debbugs has several ways to write no bugs, and to spoil a call")
{
    auto const none = [](std::string_view options) {
        ground at{"kind=debbugs,bugs=30" + std::string{options}};
        return ask(at, "get_status", "<a>9999</a>").body;
    };
    CHECK(contains(none(""), "<s-gensym3 /></get_statusResponse>"));
    CHECK(contains(none(",empty=map"), R"(<s-gensym3 xsi:type="apachens:Map"></s-gensym3>)"));
    CHECK(contains(none(",empty=nil"), R"(<s-gensym3 xsi:nil="true" />)"));

    ground at{"kind=debbugs,bugs=30,poison=4,numbers=1"};
    CHECK(ask(at, "get_status", "<a>3</a><b>4</b>").status == 500);
    auto const fine = ask(at, "get_status", "<a>3</a>");
    CHECK(contains(fine.body, R"(<subject xsi:type="xsd:int">3</subject>)"));
    auto const denied = ask(at, "drop_bugs", "<a>3</a>");
    CHECK(denied.status == 500);
    CHECK(contains(denied.body, "<faultstring>Denied access to method (drop_bugs)"));
    CHECK(at.post("/cgi-bin/soap.cgi", "no XML", "text/xml").status == 500);
    CHECK(at.get("/cgi-bin/soap.cgi").status == 411);
}

TEST_CASE("Debbugs' log is mails, and its pages are for people")
{
    ground at{"kind=debbugs,bugs=30"};
    at.bugs.change(5, {.status = "done"}, 1'770'000'000);
    auto const log = ask(at, "get_bug_log", "<a>5</a>");
    CHECK(told_ids(log) == "5,");
    CHECK(contains(log.body, "Received: (at 5) by bugs.example.org; 02 Feb 2026 02:40:00 +0000\n"));
    CHECK(contains(log.body, "Message-Id: &lt;50002@example.org&gt;"));
    CHECK(contains(log.body, "<msg_num xsi:type=\"xsd:int\">7</msg_num>"));
    CHECK(contains(log.body, "Message-Id: Bug archived."));
    CHECK(ask(at, "get_bug_log", "<a>9999</a>").status == 500);

    CHECK(contains(at.get("/cgi-bin/bugreport.cgi?bug=5").body, "<title>#5 - Crash on start #5 - "));
    CHECK(at.get("/5").status == 200);
    CHECK(at.get("/cgi-bin/bugreport.cgi?bug=13").status == 404);
    CHECK(at.get("/cgi-bin/bugreport.cgi?bug=x").status == 400);
    CHECK(at.get("/nosuch").status == 404);
}

} // namespace checkwatches::mock
