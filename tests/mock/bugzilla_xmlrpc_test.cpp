#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string member(std::string_view name, std::string_view value)
{
    return fmt::format("<member><name>{}</name><value>{}</value></member>", name, value);
}

std::string list(std::vector<std::string> const& values)
{
    std::string out = "<array><data>";
    for (auto const& v : values)
        out += "<value>" + v + "</value>";
    return out + "</data></array>";
}

std::string call(std::string_view method, std::string_view members = {})
{
    return fmt::format(
        "<?xml version=\"1.0\"?><methodCall><methodName>{}</methodName><params><param><value><struct>{}"
        "</struct></value></param></params></methodCall>",
        method,
        members);
}

std::string const some_ids = member(
    "ids", list({"<int>1</int>", "<int>13</int>", "<int>9999</int>", "<string>CVE-2026-0001</string>"}));
std::string const some_fields = member(
    "include_fields",
    list(
        {"<string>id</string>",
         "<string>resolution</string>",
         "<string>alias</string>",
         "<string>dupe_of</string>",
         "<string>last_change_time</string>",
         "<string>is_open</string>"}));
std::string const permissive = member("permissive", "<boolean>1</boolean>");

struct asker {
    explicit asker(std::string_view spec) : at(spec) {}
    answer ask(std::string const& body, std::string type = "text/xml")
    {
        return at.post("/xmlrpc.cgi", body, std::move(type));
    }
    ground at;
};

} // namespace

TEST_CASE("Bug.get tells bugs and faults side by side")
{
    asker bz{"kind=bugzilla,bugs=30"};
    bz.at.bugs.change(1, {.status = "CONFIRMED", .resolution = ""}, 1'770'000'000);
    auto const a = bz.ask(call("Bug.get", some_ids + permissive + some_fields));
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "text/xml");
    CHECK(header(a, "SOAPServer") == "SOAP::Lite/Perl/1.27");
    CHECK(header(a, "ETag").size() == 22);
    CHECK(told_ids(a) == "1,5,");
    CHECK(a.body.starts_with(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><methodResponse><params><param><value><struct><member>"));
    CHECK(a.body.find('\n') == std::string::npos);
    CHECK(contains(a.body, member("faultCode", "<int>102</int>")));
    CHECK(contains(a.body, member("faultCode", "<int>101</int>")));
    CHECK(contains(a.body, member("id", "<int>9999</int>")));
    CHECK(contains(a.body, member("resolution", "<string />")));
    CHECK(contains(a.body, member("alias", "<array><data /></array>")));
    CHECK(contains(
        a.body, member("last_change_time", "<dateTime.iso8601>20260202T02:40:00</dateTime.iso8601>")));
    CHECK(contains(a.body, member("is_open", "<boolean>1</boolean>")));
    CHECK_FALSE(contains(a.body, "dupe_of"));
    CHECK_FALSE(contains(a.body, "nil"));
    // Faults come before the bugs in every other answer.
    auto const again = bz.ask(call("Bug.get", some_ids + permissive + some_fields)).body;
    auto const faults_first = [](std::string const& body) {
        return body.find("<name>faults<") < body.find("<name>bugs<");
    };
    CHECK(faults_first(a.body) != faults_first(again));
    CHECK(contains(
        bz.ask(call("Bug.get", member("ids", list({"<int>20</int>"})))).body,
        member("dupe_of", "<int>10</int>")));
}

TEST_CASE("without permissive one bad bug is a fault for the call")
{
    asker bz{"kind=bugzilla,bugs=30"};
    auto const a = bz.ask(call("Bug.get", some_ids));
    CHECK(a.status == 200);
    CHECK(contains(a.body, "<methodResponse><fault><value><struct>"));
    CHECK(contains(a.body, member("faultCode", "<int>102</int>")));
    CHECK(a.tells.empty());
}

TEST_CASE("Bugzilla's XML-RPC is strict about types and methods")
{
    asker bz{"kind=bugzilla"};
    auto const typed = bz.ask(call("Bugzilla.version"), "application/xml");
    CHECK(typed.status == 200);
    CHECK(contains(typed.body, member("faultCode", "<string>Client</string>")));
    CHECK(contains(bz.ask(call("system.multicall")).body, member("faultCode", "<string>Client</string>")));
    CHECK(contains(bz.ask("<oops").body, member("faultCode", "<string>Client</string>")));
    CHECK(contains(bz.ask(call("Bug.nosuch")).body, member("faultCode", "<int>-32601</int>")));
    CHECK(contains(bz.ask(call("Bugzilla.version")).body, member("version", "<string>5.2</string>")));
    CHECK(contains(
        bz.ask(call("Bugzilla.version"), "text/xml; charset=utf-8").body,
        member("version", "<string>5.2</string>")));
}

TEST_CASE("a login over XML-RPC is a member of the struct")
{
    asker bz{"kind=bugzilla,bugs=30"};
    auto const ids = member("ids", list({"<int>13</int>"}));
    auto const key = member("Bugzilla_api_key", fmt::format("<string>{}</string>", good_key));
    CHECK(told_ids(bz.ask(call("Bug.get", ids + key))) == "13,");
    CHECK(contains(
        bz.ask(call("Bug.get", ids + member("Bugzilla_api_key", "wrong"))).body,
        member("faultCode", "<int>306</int>")));
    auto const login = member("login", std::string{good_user});
    CHECK(contains(bz.ask(call("User.valid_login", login + key)).body, "<boolean>1</boolean>"));
    CHECK(contains(bz.ask(call("User.valid_login", login)).body, "<boolean>0</boolean>"));

    asker closed{"kind=bugzilla,require_login=1"};
    CHECK(contains(closed.ask(call("Bug.get", ids)).body, member("faultCode", "<int>410</int>")));

    asker old{"kind=bugzilla,flavour=4.4.12,bugs=30"};
    auto const password = member("password", "<string>open sesame &amp; more</string>");
    auto const in = old.ask(call("User.login", login + password));
    std::string cookies;
    for (auto const& [name, value] : in.headers)
        if (name == "Set-Cookie")
            cookies += value.substr(0, value.find(';')) + "; ";
    CHECK(contains(cookies, "Bugzilla_logincookie="));
    auto const known = old.at.post("/xmlrpc.cgi", call("Bug.get", ids), "text/xml", {{"Cookie", cookies}});
    CHECK(told_ids(known) == "13,");
}

TEST_CASE("Bug.search finds what has changed, and the clock can lack a member")
{
    asker bz{"kind=bugzilla,bugs=30"};
    auto const a = bz.ask(call(
        "Bug.search",
        member("id", list({"<int>30</int>", "<int>1</int>", "<int>29</int>", "<int>13</int>"}))
            + member("last_change_time", "<dateTime.iso8601>20260102T04:00:00</dateTime.iso8601>")));
    CHECK(told_ids(a) == "29,30,");
    CHECK_FALSE(contains(a.body, "<name>faults<"));
    CHECK(contains(bz.ask(call("Bugzilla.time")).body, "<name>web_time_utc<") == false);
    asker older{"kind=bugzilla,flavour=4.4.12"};
    CHECK(contains(older.ask(call("Bugzilla.time")).body, "<name>web_time_utc<"));
    CHECK(contains(
        older.ask(call("Bug.get", member("ids", list({"<int>5</int>"})))).body,
        member("alias", "<string>CVE-2026-0001</string>")));
}

} // namespace checkwatches::mock
