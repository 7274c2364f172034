#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

std::string const basic = "Basic d2F0Y2hlckBleGFtcGxlLm9yZzpvcGVuIHNlc2FtZSAmIG1vcmU=";

std::string call(std::string_view method, std::string_view param = {})
{
    return fmt::format(
        "<?xml "
        "version='1.0'?>\n<methodCall>\n<methodName>{}</methodName>\n<params>\n<param>\n<value>{}</value>\n"
        "</param>\n</params>\n</methodCall>\n",
        method,
        param);
}

std::string multicall(std::vector<int> const& ids, std::string_view method = "ticket.get")
{
    std::string calls = "<array><data>\n";
    for (auto const id : ids)
        calls += fmt::format(
            "<value><struct>\n<member>\n<name>methodName</name>\n<value><string>{}</string></value>\n</"
            "member>\n"
            "<member>\n<name>params</name>\n<value><array><data>\n<value><int>{}</int></value>\n"
            "</data></array></value>\n</member>\n</struct></value>\n",
            method,
            id);
    return call("system.multicall", calls + "</data></array>");
}

std::string fault_text(int code)
{
    return fmt::format(
        "<fault>\n<value><struct>\n<member>\n<name>faultCode</name>\n<value><int>{}</int></value>\n</"
        "member>\n",
        code);
}

struct asker {
    explicit asker(std::string_view spec) : at(spec) {}
    answer ask(std::string const& body, std::string path = "/rpc", std::string type = "text/xml")
    {
        return at.post(std::move(path), body, std::move(type));
    }
    ground at;
};

} // namespace

TEST_CASE("ticket.get tells a ticket or faults in HTTP 200")
{
    asker trac{"kind=trac,bugs=30"};
    auto const a = trac.ask(call("ticket.get", "<int>1</int>"), "/xmlrpc", "application/xml");
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "application/xml");
    CHECK(contains(serialize(a), fmt::format("Content-Length: {}\r\n", a.body.size())));
    CHECK(a.body.starts_with(
        "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><array><data>\n"
        "<value><int>1</int></value>\n<value><dateTime.iso8601>20260101T01:00:00</dateTime.iso8601></"
        "value>\n"));
    CHECK(contains(
        a.body, "<member>\n<name>_ts</name>\n<value><string>1767231000000000</string></value>\n</member>\n"));
    CHECK(told_ids(trac.ask(call("ticket.get", "<string>2</string>"))) == "2,");
    CHECK(contains(trac.ask(call("ticket.get", "<int>9999</int>")).body, fault_text(404)));
    CHECK(contains(trac.ask(call("ticket.get", "<int>13</int>")).body, fault_text(403)));
    CHECK(contains(trac.ask(call("ticket.nosuch", "<int>1</int>")).body, fault_text(-32601)));
    CHECK(contains(trac.ask("<methodCall><oops").body, fault_text(-32700)));
    CHECK(trac.ask(call("ticket.get", "<int>9999</int>")).status == 200);
    auto const typed = trac.ask(call("ticket.get"), "/rpc", "text/plain");
    CHECK(typed.status == 415);
    CHECK(typed.body == "No protocol matching Content-Type 'text/plain' at path '/rpc'.");
    CHECK(contains(header(trac.at.get("/rpc"), "Content-Type"), "text/html"));
}

TEST_CASE("Trac's XML-RPC knows who asks below /login only")
{
    asker trac{"kind=trac,bugs=30"};
    auto const hidden = call("ticket.get", "<int>13</int>");
    std::vector<std::pair<std::string, std::string>> const right{{"Authorization", basic}};
    CHECK(told_ids(trac.at.post("/login/xmlrpc", hidden, "text/xml", right)) == "13,");
    CHECK(told_ids(trac.at.post("/login/rpc", hidden, "text/xml", right)) == "13,");
    CHECK(contains(trac.at.post("/xmlrpc", hidden, "text/xml", right).body, fault_text(403)));
    auto const refused = trac.at.post("/login/rpc", hidden, "text/xml");
    CHECK(refused.status == 401);
    CHECK(refused.body.empty());
    asker closed{"kind=trac,rpc_anonymous=0"};
    CHECK(contains(closed.ask(call("ticket.get", "<int>1</int>")).body, fault_text(403)));
}

TEST_CASE("a multicall mixes arrays and bare structs, and dies of a hidden ticket")
{
    asker trac{"kind=trac,bugs=30"};
    auto const some = trac.ask(multicall({1, 9999, 3}));
    CHECK(some.status == 200);
    CHECK(told_ids(some) == "1,3,");
    CHECK(contains(
        some.body,
        "<value><struct>\n<member>\n<name>_message</name>\n<value><string>Ticket 9999 does not "
        "exist.</string></value>\n</member>\n<member>\n<name>title</name>\n<value><string>Invalid ticket "
        "number</string></value>\n</member>\n<member>\n<name>show_traceback</name>\n"
        "<value><boolean>0</boolean></value>\n</member>\n</struct></value>\n"));
    CHECK_FALSE(contains(some.body, "faultCode"));
    // Each result is wrapped in an array of one.
    CHECK(contains(
        some.body,
        "<value><array><data>\n<value><array><data>\n<value><array><data>\n<value><int>1</int></value>\n"));
    CHECK(contains(trac.ask(multicall({1}, "ticket.nosuch")).body, "RPC method \"ticket.nosuch\" not found"));

    auto const dead = trac.ask(multicall({1, 13, 3}));
    CHECK(dead.status == 500);
    CHECK(contains(header(dead, "Content-Type"), "text/plain"));
    CHECK(
        dead.body
        == "Unhandled protocol error calling 'system.multicall': cannot marshal <class "
           "'trac.resource.Resource'> "
           "objects");
    CHECK(dead.tells.empty());

    asker old{"kind=trac,flavour=0.12,bugs=30"};
    auto const faults = old.ask(multicall({1, 13, 9999}));
    CHECK(faults.status == 200);
    CHECK(contains(faults.body, "<name>faultCode</name>\n<value><int>2</int></value>"));
    CHECK(told_ids(faults) == "1,");
}

TEST_CASE("ticket.query gives ids, a hundred if not asked for more")
{
    asker trac{"kind=trac,bugs=250"};
    auto const ids = [&](std::string const& text) {
        auto const a = trac.ask(call("ticket.query", "<string>" + text + "</string>"));
        std::size_t n = 0;
        for (std::size_t at = 0; (at = a.body.find("<int>", at)) != std::string::npos; ++at)
            ++n;
        return n;
    };
    CHECK(ids("id=1,3,13,9999&amp;max=0") == 2);
    CHECK(ids("id=1|3|13") == 2);
    CHECK(ids("id=1-250") == 100);
    CHECK(ids("id=1-250&amp;max=0") == 249);
    CHECK(ids("status!=closed") > 0);
    CHECK(ids("status!=closed") <= 100);
    auto const changed = trac.ask(
        call("ticket.getRecentChanges", "<dateTime.iso8601>20260111T09:30:00</dateTime.iso8601>"));
    CHECK(contains(
        changed.body, "<data>\n<value><int>249</int></value>\n<value><int>250</int></value>\n</data>"));
}

TEST_CASE("Launchpad's plugin wants its own login and says what is missing")
{
    asker trac{"kind=trac,flavour=plugin,bugs=30"};
    CHECK(trac.at.get("/launchpad-auth/check").status == 401);
    CHECK(asker{"kind=trac"}.at.get("/launchpad-auth/check").status == 404);
    auto const ask = call("launchpad.bugtracker_version");
    CHECK(trac.ask(ask, "/xmlrpc").status == 403);
    auto const in = trac.at.get("/launchpad-auth/" + std::string{good_key});
    CHECK(in.status == 200);
    auto const cookie = header(in, "Set-Cookie");
    REQUIRE(cookie.starts_with("trac_auth="));
    std::vector<std::pair<std::string, std::string>> const known{
        {"Cookie", cookie.substr(0, cookie.find(';'))}};
    CHECK(contains(trac.at.post("/xmlrpc", ask, "text/xml", known).body, "<string>1.0</string>"));
    std::string const info =
        "<?xml "
        "version='1.0'?><methodCall><methodName>launchpad.bug_info</methodName><params><param><value><int>1"
        "</int></value></param><param><value><struct><member><name>bugs</"
        "name><value><array><data><value><string>1"
        "</string></value><value><string>99</string></value></data></array></value></member></struct></value>"
        "</param></params></methodCall>";
    auto const told = trac.at.post("/xmlrpc", info, "text/xml", known);
    CHECK(told_ids(told) == "1,");
    CHECK(contains(
        told.body,
        "<name>id</name>\n<value><string>99</string></value>\n</member>\n<member>\n<name>status</name>\n"
        "<value><string>missing</string></value>"));
}

} // namespace checkwatches::mock
