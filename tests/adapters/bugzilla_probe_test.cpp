#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

// The doors of a server, by the beginning of "METHOD target"; whatever is not listed is a 404 page.
using doors = std::map<std::string, reply>;

canned_remote server(doors const& open, std::string_view base = "https://bugs.example.org/bz/")
{
    return canned_remote{base, [open](request const& rq) -> canned_remote::answer {
                             for (auto const& [start, answer] : open)
                                 if ((rq.method + " " + rq.url.target()).starts_with(start))
                                     return answer;
                             return not_there();
                         }};
}

result<capabilities> probe(canned_remote& at)
{
    auto const adapter = adapters::make_bugzilla();
    return run(adapter->probe(at));
}

// "protocol version", or the kind of the error.
std::string told(result<capabilities> const& can)
{
    return can ? can->protocol + " " + can->version : std::string{word(can.error().kind)};
}

reply xml_root(std::string_view root)
{
    return canned(
        200,
        "application/xml; charset=UTF-8",
        fmt::format(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE bugzilla SYSTEM "
            "\"https://bugs.example.org/bz/bugzilla.dtd\">\n{}",
            root));
}

std::string const rest = "GET /bz/rest/version";
std::string const rest_cgi = "GET /bz/rest.cgi/version";
std::string const xmlrpc = "POST /bz/xmlrpc.cgi";
std::string const show = "GET /bz/show_bug.cgi?ctype=xml";
std::string const xml_cgi = "GET /bz/xml.cgi?id=1";
std::string const csv = "GET /bz/buglist.cgi?ctype=csv";

reply const bare_csv = canned(200, "text/csv; charset=UTF-8", "bug_id,\"bug_status\"\n");
reply const no_version = json(R"({"message":"no such resource"})", 200);

} // namespace

TEST_CASE("bugzilla: the probe picks the best language of each server")
{
    auto const [name, open, expected, requests] = GENERATE(
        table<std::string, doors, std::string, std::size_t>({
            {"5.2", {{rest, json(R"({"version":"5.2"})")}, {xmlrpc, rpc_version("5.2")}}, "rest 5.2", 1},
            {"5.0.6 without rewriting", {{rest_cgi, json(R"({"version":"5.0.6"})")}}, "rest.cgi 5.0.6", 2},
            {"a Bugzilla that wants a login",
             {{rest, json(R"({"version":"5.0.6"})")}, {show, login_page()}},
             "rest 5.0.6",
             1},
            {"Mozilla's", {{rest, json(R"({"version":"20260801.1"})")}}, "rest 20260801.1", 1},
            {"Red Hat's", {{rest, json(R"({"version":"5.0.4.rh103"})")}}, "rest 5.0.4.rh103", 1},
            {"4.4",
             {{xmlrpc, rpc_version("4.4.13")}, {show, xml_root("<bugzilla version=\"4.4.13\"/>")}},
             "xmlrpc 4.4.13",
             3},
            {"3.4", {{xmlrpc, rpc_version("3.4")}}, "xmlrpc 3.4", 3},
            {"3.0",
             {{xmlrpc, rpc_version("3.0.11")}, {show, xml_root("<bugzilla version=\"3.0.11\"/>")}},
             "xml 3.0.11",
             4},
            {"an array in the place of a version",
             {{xmlrpc, rpc_value("<array><data><value><string>3.6</string></value></data></array>")},
              {show, xml_root("<bugzilla version=\"3.2+\"/>")}},
             "xml 3.2+",
             4},
            {"2.20",
             {{show, xml_root("<bugzilla version=\"2.20\"><bug error=\"NotFound\"/></bugzilla>")}},
             "xml 2.20",
             4},
            {"2.22 with XML only at its old place",
             {{xml_cgi, xml_root("<bugzilla version=\"2.22\"/>")}},
             "csv 2.22",
             5},
            {"2.18",
             {{show, html("Bug 1")}, {xml_cgi, xml_root("<bugzilla version=\"2.18\"/>")}},
             "rdf 2.18",
             5},
            {"2.16", {{xml_cgi, xml_root("<bugzilla version=\"2.16.7\"/>")}}, "rdf 2.16.7", 5},
            {"2.10", {{xml_cgi, xml_root("<bugzilla version=\"2.10\"/>")}}, "xml.cgi 2.10", 5},
            {"no version", {{xml_cgi, xml_root("<bugzilla/>")}}, "xml.cgi ", 5},
            {"IssueZilla", {{xml_cgi, xml_root("<issuezilla/>")}}, "issuezilla ", 5},
            {"IssueZilla at show_bug",
             {{show, xml_root("<issuezilla version=\"2.11-ooo\"/>")}},
             "issuezilla 2.11-ooo",
             4},
            {"only lists", {{csv, bare_csv}}, "csv ", 6},
        }));
    CAPTURE(name);
    auto at = server(open);
    auto const can = probe(at);
    REQUIRE(can);
    CHECK(told(can) == expected);
    CHECK(at.asked.size() == requests);
    CHECK(can->login.empty());
    CHECK(can->identity.empty());
    CHECK(can->importance);
    CHECK(can->batch >= 20);
}

TEST_CASE("bugzilla: the probe tells what is no Bugzilla from what cannot be told")
{
    auto const [name, open, expected, most] = GENERATE(table<std::string, doors, std::string, std::size_t>({
        {"nothing there", {}, "unsupported", 6},
        {"a site with a page for everything", {{"", html("Welcome", "We sell socks")}}, "unsupported", 6},
        {"JSON without a version", {{rest, no_version}, {rest_cgi, no_version}}, "unsupported", 6},
        {"XML of something else", {{show, xml_root("<rss version=\"2.0\"/>")}}, "unsupported", 6},
        {"a CSV of something else", {{csv, canned(200, "text/csv", "a,b\n1,2\n")}}, "unsupported", 6},
        {"XML-RPC of something else",
         {{xmlrpc, rpc_fault("<int>-32601</int>", "no such method")}},
         "unsupported",
         6},
        {"SOAP::Lite without the method",
         {{xmlrpc, rpc_fault("<string>Client</string>", "Failed")}},
         "unsupported",
         6},
        {"a bot wall", {{"", challenge()}}, "bot_wall", 1},
        {"a bot wall further in", {{show, challenge()}}, "bot_wall", 4},
        {"maintenance", {{"", down()}}, "maintenance", 1},
        {"a login page everywhere", {{"", login_page()}}, "auth_failed", 6},
        {"an old Bugzilla that wants a login", {{show, login_page()}, {csv, login_page()}}, "auth_failed", 6},
        {"XML-RPC that wants a login", {{xmlrpc, rpc_fault("<int>410</int>", "log in")}}, "auth_failed", 6},
        {"a REST that wants a login", {{rest, json_error(401, 410, "You must log in")}}, "auth_failed", 6},
        {"forbidden throughout", {{"", html("403 Forbidden", "", 403)}}, "auth_failed", 6},
        {"broken throughout", {{"", html("502 Bad Gateway", "", 502)}}, "protocol_error", 6},
    }));
    CAPTURE(name);
    auto at = server(open);
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(told(can) == expected);
    CHECK(at.asked.size() <= most);
    CHECK_FALSE(can.error().message.empty());
}

TEST_CASE("bugzilla: a door that wants a login does not hide another one")
{
    auto at = server({{rest, login_page()}, {xmlrpc, rpc_version("4.2")}});
    CHECK(told(probe(at)) == "xmlrpc 4.2");
}

TEST_CASE("bugzilla: what prevents an answer ends the probe")
{
    auto const silent = GENERATE(0U, 1U, 2U, 3U, 4U, 5U);
    canned_remote at{"https://bugs.example.org/bz/", [&](request const&) -> canned_remote::answer {
                         if (at.asked.size() == silent + 1)
                             return error{.kind = error_kind::timeout, .message = "nothing came for 10 s"};
                         return not_there();
                     }};
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().kind == error_kind::timeout);
    CHECK(at.asked.size() == silent + 1);
}

TEST_CASE("bugzilla: maintenance says when to come back")
{
    auto at = server({{"", down()}});
    auto const can = probe(at);
    REQUIRE_FALSE(can);
    CHECK(can.error().retry_after == std::chrono::seconds{3600});
}

TEST_CASE("bugzilla: the address of the API is asked where one was given")
{
    auto at = server({{"GET /api/rest/version", json(R"({"version":"5.2"})")}});
    at.set_api("http://127.0.0.1:4711/api");
    CHECK(told(probe(at)) == "rest 5.2");
    CHECK(at.asked.front().url.text() == "http://127.0.0.1:4711/api/rest/version");
}

TEST_CASE("bugzilla: anonymous batches at Red Hat's are as small as its answers")
{
    auto at = server({{rest, json(R"({"version":"5.0.4.rh103"})")}});
    CHECK(probe(at).value().batch == 20);
}

TEST_CASE("bugzilla: requests are sent as servers want them")
{
    auto at = server({});
    CHECK(told(probe(at)) == "unsupported");
    REQUIRE(at.asked.size() == 6);
    CHECK(header_of(at.asked[0], "Accept") == "application/json");
    CHECK(header_of(at.asked[2], "Content-Type") == "text/xml"); // application/xml is refused
    CHECK(at.asked[2].on_redirect == request::redirects::repost);
    CHECK(contains(at.asked[2].body, "<methodName>Bugzilla.version</methodName>"));
    for (auto const& rq : at.asked)
        CHECK_FALSE(rq.login);
}
