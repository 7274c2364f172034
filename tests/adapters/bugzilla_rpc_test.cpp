#include "adapters/wire/xmlrpc.hpp"
#include "tests/adapters/bugzilla_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::test;
using namespace checkwatches::test::bugzilla;

namespace {

capabilities const can{.protocol = "xmlrpc", .version = "4.4.13", .batch = 500};

std::string member(std::string_view name, std::string_view value)
{
    return fmt::format("<member><name>{}</name><value>{}</value></member>", name, value);
}

std::string text(std::string_view name, std::string_view value)
{
    return member(name, value.empty() ? "<string />" : fmt::format("<string>{}</string>", value));
}

std::string integer(std::string_view name, int value)
{
    return member(name, fmt::format("<int>{}</int>", value));
}

std::string list(std::string_view name, std::vector<std::string> const& structs)
{
    std::string items;
    for (auto const& one : structs)
        items += "<value><struct>" + one + "</struct></value>";
    return member(
        name, items.empty() ? "<array><data /></array>" : "<array><data>" + items + "</data></array>");
}

// What Bug.get answers; the order of the members is the server's whim.
reply got(std::vector<std::string> const& bugs, std::vector<std::string> const& faults)
{
    return rpc_value("<struct>" + list("faults", faults) + list("bugs", bugs) + "</struct>");
}

std::string bug(int id, std::string_view status, std::string_view resolution = "")
{
    return text("status", status) + integer("id", id) + text("resolution", resolution);
}

std::string fault(int id, int code, std::string_view words)
{
    return text("faultString", words) + integer("id", id) + integer("faultCode", code);
}

canned_remote at_server(canned_remote::answering f)
{
    return canned_remote{"https://bugs.example.org", std::move(f)};
}

// The ids of a Bug.get, in the order asked.
std::vector<std::string> asked_ids(request const& rq)
{
    std::vector<std::string> out;
    std::string_view body = rq.body;
    body = body.substr(body.find("<name>ids</name>"));
    body = body.substr(0, body.find("</array>"));
    for (auto at = body.find("<int>"); at != std::string_view::npos; at = body.find("<int>", at + 1)) {
        auto const start = at + 5;
        out.emplace_back(body.substr(start, body.find('<', start) - start));
    }
    return out;
}

} // namespace

TEST_CASE("bugzilla xmlrpc: one call tells bugs, missing and private ones apart")
{
    auto at = at_server([](auto const&) {
        return got(
            {bug(1, "IN_PROGRESS") + text("priority", "High") + text("severity", "critical")
                 + text("summary", "a &lt; b")
                 + member("last_change_time", "<dateTime.iso8601>20260304T05:06:07</dateTime.iso8601>"),
             bug(20, "RESOLVED", "DUPLICATE") + integer("dupe_of", 10)},
            {fault(13, 102, "You are not authorized to access bug #13."),
             fault(9999, 101, "Bug #9999 does not exist."),
             fault(5, 100, "'5' is odd.")});
    });
    auto const found = look(at, can, {"1", "13", "20", "9999", "5"});
    CHECK_FALSE(found.trouble);
    CHECK(found.found.size() == 5);
    auto const& first = seen(found, "1");
    CHECK(first.words == raw_words{.status = "IN_PROGRESS", .priority = "High", .severity = "critical"});
    CHECK(first.title == "a < b");
    CHECK(first.duplicate_of.empty());
    CHECK(first.modified == parse_time("2026-03-04T05:06:07Z"));
    CHECK(seen(found, "20").duplicate_of == "10");
    CHECK(ending(found, "13") == "forbidden");
    CHECK(detail(found, "13") == "You are not authorized to access bug #13.");
    CHECK(ending(found, "9999") == "not_found");
    CHECK(ending(found, "5") == "invalid_id");
    CHECK(at.asked.size() == 1);
}

TEST_CASE("bugzilla xmlrpc: the call is permissive and asks for what is read only")
{
    auto at = at_server([](auto const&) { return got({bug(7, "NEW"), bug(8, "NEW")}, {}); });
    look(at, can, {"7", "8"});
    auto const& rq = at.asked.front();
    CHECK(rq.method == "POST");
    CHECK(rq.url.text() == "https://bugs.example.org/xmlrpc.cgi");
    CHECK(header_of(rq, "Content-Type") == "text/xml");
    CHECK(rq.on_redirect == request::redirects::repost);
    CHECK(asked_ids(rq) == std::vector<std::string>{"7", "8"});
    CHECK(contains(rq.body, "<methodName>Bug.get</methodName>"));
    CHECK(contains(rq.body, "<name>permissive</name><value><boolean>1</boolean>"));
    CHECK(contains(rq.body, "<name>include_fields</name>"));
}

TEST_CASE("bugzilla xmlrpc: before 3.6 a time is in a zone that nobody knows")
{
    auto const [version, known] = GENERATE(
        table<std::string, bool>({{"3.4.2", false}, {"3.6", true}, {"5.2", true}}));
    auto old = can;
    old.version = version;
    auto at = at_server([](auto const&) {
        return got(
            {bug(1, "NEW")
             + member("last_change_time", "<dateTime.iso8601>20260304T05:06:07</dateTime.iso8601>")},
            {});
    });
    CHECK(seen(look(at, old, {"1"}), "1").modified.has_value() == known);
}

TEST_CASE("bugzilla xmlrpc: an alias is recorded under itself")
{
    auto at = at_server([](request const& rq) {
        if (contains(rq.body, "<string>CVE-2026-0001</string>"))
            return got({bug(9, "CLOSED", "FIXED")}, {});
        return got({}, {text("id", "abc") + text("faultString", "no alias") + integer("faultCode", 100)});
    });
    auto const found = look(at, can, {"CVE-2026-0001", "abc"});
    CHECK(seen(found, "CVE-2026-0001").words.resolution == "FIXED");
    CHECK(ending(found, "abc") == "invalid_id");
}

TEST_CASE("bugzilla xmlrpc: a server that answers for some only is asked again")
{
    auto at = at_server([](request const& rq) {
        std::vector<std::string> bugs;
        for (auto const& id : asked_ids(rq))
            if (bugs.size() != 20)
                bugs.push_back(bug(std::stoi(id), "NEW"));
        return got(bugs, {});
    });
    auto const found = look(at, can, numbers(1, 500));
    CHECK_FALSE(found.trouble);
    CHECK(found.found.size() == 500);
    CHECK(std::ranges::all_of(
        found.found, [&](auto const& one) { return ending(found, one.remote_id) == "seen"; }));
    CHECK(at.asked.size() <= 28);
}

TEST_CASE("bugzilla xmlrpc: a fault of the whole call")
{
    auto const [answer, kind] = GENERATE(table<canned_remote::answer, std::string>({
        {rpc_fault("<int>410</int>", "You must log in before using this part of Bugzilla."), "auth_failed"},
        {rpc_fault("<int>300</int>", "bad login"), "auth_failed"},
        {rpc_fault("<int>306</int>", "bad key"), "auth_failed"},
        {rpc_fault("<int>32000</int>", "You have exceeded the rate limit."), "rate_limited"},
        {rpc_fault("<int>-32601</int>", "The requested method 'Bug.get' was not found."), "protocol_error"},
        {rpc_fault("<string>Client</string>", "Content-Type must be 'text/xml'"), "protocol_error"},
        {rpc_fault("<int>102</int>", "not for a batch"), "protocol_error"},
        {login_page(), "auth_failed"},
        {challenge(), "bot_wall"},
        {down(), "maintenance"},
        {not_there(), "protocol_error"},
        {html("Internal Server Error", "", 500), "protocol_error"},
        {error{.kind = error_kind::tls_failed}, "tls_failed"},
    }));
    auto at = at_server([answer](request const&) { return answer; });
    auto const found = look(at, can, {"1", "2"});
    REQUIRE(found.trouble);
    CHECK(word(found.trouble->kind) == kind);
    CHECK(found.found.empty());
}

TEST_CASE("bugzilla xmlrpc: a fault for the only id is about that id")
{
    auto const [code, expected] = GENERATE(table<std::string, std::string>({
        {"<int>101</int>", "not_found"},
        {"<int>102</int>", "forbidden"},
        {"<int>100</int>", "invalid_id"},
    }));
    auto at = at_server([code](request const&) { return rpc_fault(code, "…"); });
    CHECK(ending(look(at, can, {"1"}), "1") == expected);
}

TEST_CASE("bugzilla xmlrpc: an answer that cannot be read is told of the bug alone")
{
    auto const broken = GENERATE(
        xml("<methodResponse><params><param><value><struct>"), rpc_value("<int>1</int>"));
    auto at = at_server([&](request const& rq) {
        auto const ids = asked_ids(rq);
        if (std::ranges::find(ids, "3") != ids.end())
            return broken;
        std::vector<std::string> bugs;
        for (auto const& id : ids)
            bugs.push_back(bug(std::stoi(id), "NEW"));
        return got(bugs, {});
    });
    auto const found = look(at, can, numbers(1, 5));
    CHECK_FALSE(found.trouble);
    CHECK(ending(found, "3") == "unparsable");
    CHECK(ending(found, "4") == "seen");
}
