#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

canned_remote at_server(canned_remote::answering f)
{
    return canned_remote{"https://bugs.example.org/bz/", std::move(f)};
}

capabilities speaking(std::string protocol, std::string version)
{
    return {.protocol = std::move(protocol), .version = std::move(version), .batch = 100};
}

reply bug_xml(std::string_view bugs, std::string_view type = "application/xml; charset=UTF-8")
{
    return canned(
        200,
        type,
        fmt::format(
            R"(<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<!DOCTYPE bugzilla SYSTEM "https://bugs.example.org/bz/page.cgi?id=bugzilla.dtd">

<bugzilla version="4.2.1"
          urlbase="https://bugs.example.org/bz/"

          maintainer="root@example.org"
>
{}
</bugzilla>)",
            bugs));
}

constexpr std::string_view two_bugs = R"(
    <bug>
          <bug_id>31</bug_id>

          <short_desc>Comma, &quot;quoted&quot; title</short_desc>
          <delta_ts>2026-06-25 12:04:11 +0200</delta_ts>
          <bug_status>RESOLVED</bug_status>
          <resolution>DUPLICATE</resolution>
          <dup_id>30</dup_id>
          <priority>High</priority>
          <bug_severity>critical</bug_severity>
          <assigned_to name="N">n@example.org</assigned_to>
    </bug>
    <bug>
          <bug_id>32</bug_id>
          <bug_status>NEW</bug_status>
          <resolution>---</resolution>
          <delta_ts>2026-06-25 12:04:11</delta_ts>
    </bug>
    <bug error="NotPermitted">
      <bug_id>13</bug_id>
    </bug>
    <bug error="NotFound"><bug_id>98</bug_id></bug>
    <bug error="InvalidBugId"><bug_id>99</bug_id></bug>
    <bug error="Frobbed"><bug_id>7</bug_id></bug>)";

} // namespace

TEST_CASE("bugzilla xml: bugs, and errors in the place of bugs")
{
    auto const type = GENERATE("application/xml; charset=UTF-8", "text/xml");
    auto at = at_server([type](auto const&) { return bug_xml(two_bugs, type); });
    auto const found = look(at, speaking("xml", "4.2.1"), {"31", "32", "13", "98", "99", "7"});
    CHECK_FALSE(found.trouble);
    CHECK(found.found.size() == 6);
    auto const& first = seen(found, "31");
    CHECK(
        first.words
        == raw_words{
            .status = "RESOLVED", .resolution = "DUPLICATE", .priority = "High", .severity = "critical"});
    CHECK(first.title == "Comma, \"quoted\" title");
    CHECK(first.duplicate_of == "30");
    CHECK(first.modified == parse_time("2026-06-25T10:04:11Z"));
    CHECK(seen(found, "32").words == raw_words{.status = "NEW"});
    CHECK_FALSE(seen(found, "32").modified); // it names no zone
    CHECK(ending(found, "13") == "forbidden");
    CHECK(ending(found, "98") == "not_found");
    CHECK(ending(found, "99") == "not_found"); // a merely missing number is called invalid
    CHECK(ending(found, "7") == "unparsable");
    REQUIRE(at.asked.size() == 1);
    CHECK(at.lines().front().starts_with("GET /bz/show_bug.cgi?ctype=xml&field=bug_id&"));
    CHECK(at.lines().front().ends_with("&id=31&id=32&id=13&id=98&id=99&id=7"));
}

TEST_CASE("bugzilla xml: an alias that does not exist is invalid")
{
    auto at = at_server([](request const& rq) {
        if (rq.url.parameter("id") == "CVE-2026-0001")
            return bug_xml("<bug><bug_id>4</bug_id><bug_status>NEW</bug_status></bug>");
        return bug_xml("<bug error=\"InvalidBugId\"><bug_id>abc</bug_id></bug>");
    });
    auto const found = look(at, speaking("xml", "5.2"), {"CVE-2026-0001", "abc"});
    CHECK(ending(found, "CVE-2026-0001") == "seen");
    CHECK(ending(found, "abc") == "invalid_id");
}

TEST_CASE("bugzilla xml: long lists are split by the length of the line")
{
    std::set<std::string> asked;
    auto at = at_server([&](request const& rq) {
        std::string bugs;
        std::string_view query = rq.url.query;
        for (auto at_id = query.find("&id="); at_id != std::string_view::npos;
             at_id = query.find("&id=", at_id + 1)) {
            auto const id = query.substr(at_id + 4, query.find('&', at_id + 4) - at_id - 4);
            asked.emplace(id);
            bugs += fmt::format("<bug><bug_id>{}</bug_id><bug_status>NEW</bug_status></bug>", id);
        }
        return bug_xml(bugs);
    });
    auto can = speaking("xml", "4.2");
    can.batch = 2000;
    auto const ids = numbers(1'000'001, 1'002'000);
    auto const found = look(at, can, ids);
    CHECK_FALSE(found.trouble);
    CHECK(asked.size() == ids.size());
    CHECK(at.asked.size() == 4);
    for (auto const& rq : at.asked)
        CHECK(rq.url.target().size() <= 7000);
}

TEST_CASE("bugzilla xml: pages in the place of XML")
{
    auto const protocol = GENERATE("xml", "csv", "rdf", "xml.cgi", "issuezilla");
    auto const [answer, kind] = GENERATE(table<canned_remote::answer, std::string>({
        {login_page(), "auth_failed"},
        {challenge(), "bot_wall"},
        {down(), "maintenance"},
        {html("Missing Bug ID"), "protocol_error"},
        {not_there(), "protocol_error"},
        {canned(200, "application/json", "{}"), "protocol_error"},
        {error{.kind = error_kind::timeout}, "timeout"},
    }));
    CAPTURE(protocol, kind);
    auto at = at_server([answer](auto const&) { return answer; });
    auto const found = look(at, speaking(protocol, "2.20"), {"1", "2"});
    REQUIRE(found.trouble);
    CHECK(word(found.trouble->kind) == kind);
    CHECK(found.found.empty());
}

TEST_CASE("bugzilla xml: documents of something else are not taken for an empty list")
{
    auto const [protocol, body] = GENERATE(table<std::string, std::string>({
        {"xml", "<rss version=\"2.0\"/>"},
        {"xml", "<bugzilla version=\"3.0\"><bug><bug_id>1</bug_id>"},
        {"xml", ""},
        {"xml", "<html><body>Log in</body></html>"},
        {"rdf", "<feed/>"},
        {"issuezilla", "<oops/>"},
    }));
    CAPTURE(protocol, body);
    auto at = at_server([body](auto const&) { return canned(200, "text/xml", body); });
    auto const found = look(at, speaking(protocol, "3.0"), {"1", "2"});
    for (auto const& one : found.found)
        CHECK(ending(found, one.remote_id) == "unparsable");
    CHECK((found.trouble || found.found.size() == 2));
}

TEST_CASE("bugzilla xml: entities and the document type are left alone")
{
    auto at = at_server([](auto const&) {
        return canned(
            200,
            "text/xml",
            "<?xml version=\"1.0\"?><!DOCTYPE bugzilla [<!ENTITY x \"boom\"><!ENTITY f SYSTEM "
            "\"file:///etc/passwd\">]>"
            "<bugzilla version=\"3.0\"><bug><bug_id>1</bug_id><bug_status>NEW</bug_status>"
            "<short_desc>&x;&f;&amp;</short_desc></bug></bugzilla>");
    });
    CHECK(seen(look(at, speaking("xml", "3.0"), {"1"}), "1").title == "&x;&f;&");
}

TEST_CASE("bugzilla xml: old encodings and control characters are read")
{
    auto at = at_server([](auto const&) {
        return canned(
            200,
            "text/xml",
            "<?xml version=\"1.0\"?><bugzilla "
            "version=\"2.20\"><bug><bug_id>1</bug_id><bug_status>NEW</bug_status>"
            "<short_desc>caf\xE9\x02!</short_desc></bug></bugzilla>");
    });
    auto const found = look(at, speaking("xml", "2.20"), {"1"});
    CHECK(seen(found, "1").title == "café !");
    CHECK(seen(found, "1").replaced == 1);
}

TEST_CASE("bugzilla xml.cgi: the form of versions before 2.16")
{
    auto at = at_server([](auto const&) { return bug_xml(two_bugs); });
    auto const found = look(at, speaking("xml.cgi", "2.10"), {"31", "13", "CVE-1"});
    CHECK(seen(found, "31").words.status == "RESOLVED");
    CHECK(ending(found, "13") == "forbidden");
    CHECK(ending(found, "CVE-1") == "invalid_id"); // there are only numbers
    REQUIRE(at.asked.size() == 1);
    auto const& rq = at.asked.front();
    CHECK(rq.method == "POST");
    CHECK(rq.url.path == "/bz/xml.cgi");
    CHECK(rq.on_redirect == request::redirects::repost);
    CHECK(header_of(rq, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(rq.body == "id=31%2C13");
}

TEST_CASE("bugzilla issuezilla: its own words")
{
    auto at = at_server([](auto const&) {
        return canned(
            200,
            "text/xml",
            R"(<?xml version="1.0"?><!DOCTYPE issuezilla SYSTEM "https://bugs.example.org/issuezilla.dtd">
<issuezilla urlbase="https://bugs.example.org/">
 <issue status_code="200" status_message="OK"><issue_id>5</issue_id><issue_status>STARTED</issue_status>
  <priority>P3</priority><resolution></resolution><short_desc>Ink</short_desc></issue>
 <issue status_code="404" status_message="NotFound"><issue_id>6</issue_id></issue>
 <issue><issue_id>7</issue_id><issue_status>RESOLVED</issue_status><resolution>FIXED</resolution></issue>
</issuezilla>)");
    });
    auto const found = look(at, speaking("issuezilla", ""), {"5", "6", "7"});
    CHECK(seen(found, "5").words == raw_words{.status = "STARTED", .priority = "P3"});
    CHECK(seen(found, "5").title == "Ink");
    CHECK(ending(found, "6") == "not_found");
    CHECK(seen(found, "7").words.resolution == "FIXED");
    auto const& rq = at.asked.front();
    for (auto const* part :
         {"download_type=browser",
          "output_configured=true",
          "include_attachments=false",
          "include_dtd=true",
          "id=5%2C6%2C7"})
        CHECK(contains(rq.body, part));
}

TEST_CASE("bugzilla rdf: the lists of old versions")
{
    constexpr std::string_view list = R"(<?xml version="1.0"?>
<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bz="http://www.bugzilla.org/rdf#">
<bz:result about="https://bugs.example.org/bz/buglist.cgi"><bz:bugs><Seq>
 <li><bz:bug about="https://bugs.example.org/bz/show_bug.cgi?id=1"><bz:id>1</bz:id><bz:bug_status>NEW</bz:bug_status>
   <bz:resolution></bz:resolution><bz:priority>P2</bz:priority><bz:bug_severity>minor</bz:bug_severity>
   <bz:has_duplicates><bz:bug><bz:id>3</bz:id></bz:bug></bz:has_duplicates></bz:bug></li>
 <li><bz:bug><bz:id>2</bz:id><bz:status>CLOSED</bz:status><bz:resolution>FIXED</bz:resolution></bz:bug></li>
</Seq></bz:bugs></bz:result></RDF>)";
    auto at = at_server([&](request const& rq) {
        if (rq.url.path.ends_with("xml.cgi"))
            return bug_xml("<bug error=\"NotPermitted\"><bug_id>3</bug_id></bug>");
        return canned(200, "application/rdf+xml", std::string{list});
    });
    auto const found = look(at, speaking("rdf", "2.16.7"), {"1", "2", "3"});
    CHECK_FALSE(found.trouble);
    CHECK(seen(found, "1").words == raw_words{.status = "NEW", .priority = "P2", .severity = "minor"});
    CHECK(seen(found, "2").words == raw_words{.status = "CLOSED", .resolution = "FIXED"});
    CHECK(ending(found, "3") == "forbidden"); // asked alone, where errors are told
    CHECK(at.asked.size() == 2);
}

TEST_CASE("bugzilla rdf: each version's names of its fields")
{
    auto const [version, format, type] = GENERATE(table<std::string, std::string, std::string>({
        {"2.16.7", "format=rdf", "bug_id_type=include"},
        {"2.17", "format=rdf", "bug_id_type=include"},
        {"2.17.1", "ctype=rdf", "bug_id_type=include"},
        {"2.18", "ctype=rdf", "bug_id_type=include"},
        {"3.4.2", "ctype=rdf", "bug_id_type=include"},
        {"3.6", "ctype=rdf", "bugidtype=include"}, // and not only 3.6.0
        {"3.6.0", "ctype=rdf", "bugidtype=include"},
    }));
    CAPTURE(version);
    auto at = at_server([](auto const&) { return canned(200, "text/xml", "<RDF/>"); });
    look(at, speaking("rdf", version), {"1", "2"});
    auto const& rq = at.asked.front();
    CHECK(rq.method == "POST");
    CHECK(rq.on_redirect == request::redirects::repost);
    CHECK(contains("&" + rq.body + "&", "&" + format + "&"));
    CHECK(contains("&" + rq.body + "&", "&" + type + "&"));
    CHECK(contains(rq.body, "bug_id=1%2C2"));
}
