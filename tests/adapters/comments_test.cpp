#include "adapters/launchpad.hpp"
#include "adapters/trac.hpp"
#include "tests/adapters/bugzilla_pages.hpp"
#include "tests/adapters/launchpad_entries.hpp"
#include "tests/adapters/trac_pages.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;

namespace {

using comments = std::vector<comment>;

utc_time time_of(std::string_view text)
{
    return parse_time(text).value();
}

result<comments> read(
    adapters::adapter const& kind,
    adapters::remote& at,
    std::string_view protocol,
    std::string const& id,
    std::optional<utc_time> since = std::nullopt)
{
    capabilities const can{.protocol = std::string{protocol}, .version = "5.0", .comments = true};
    return test::run(kind.read_comments(at, can, id, since));
}

error_kind kind_of(result<comments> const& got)
{
    REQUIRE(got.has_error());
    return got.error().kind;
}

std::string rest_comment(int id, std::string_view time, std::string_view text, bool hidden = false)
{
    return fmt::format(
        R"({{"id":{0},"bug_id":42,"count":0,"creator":"jo@example.org","time":"{1}","creation_time":"{1}",)"
        R"("text":"{2}","is_private":{3},"tags":[],"attachment_id":null}})",
        id,
        time,
        text,
        hidden);
}

// A comment of Bug.comments.
std::string rpc_comment(std::string_view id, std::string_view who, std::string_view text, bool hidden)
{
    return test::xml_struct(
        {{"id", test::xml_value("int", id)},
         {std::string{who}, test::xml_value("string", "jo@example.org")},
         {"time", test::xml_value("dateTime.iso8601", "20261120T10:00:00")},
         {"text", test::xml_value("string", text)},
         {"is_private", test::xml_value("boolean", hidden ? "1" : "0")}});
}

std::string
change(std::string_view time, std::string_view field, std::string_view before, std::string_view after)
{
    return test::xml_array(
        {test::xml_value("dateTime.iso8601", time),
         test::xml_value("string", "anna"),
         test::xml_value("string", field),
         test::xml_value("string", before),
         test::xml_value("string", after),
         test::xml_value("int", "1")});
}

std::string
message(int place, std::string_view date, std::string_view text, std::string_view more = R"("visible":true)")
{
    return fmt::format(
        R"({{"self_link":"https://api.launchpad.net/devel/plum/+bug/7001/comments/{}",)"
        R"("owner_link":"https://api.launchpad.net/devel/~jo","date_created":"{}","content":"{}",{}}})",
        place,
        date,
        text,
        more);
}

} // namespace

TEST_CASE("Bugzilla REST: comments from a second before on, without those for insiders")
{
    auto const kind = adapters::make_bugzilla();
    test::canned_remote at{"https://bugs.example.org/bz", [](adapters::request const&) {
                               return test::bugzilla::json(fmt::format(
                                   R"({{"bugs":{{"42":{{"comments":[{},{},{}]}}}},"comments":{{}}}})",
                                   rest_comment(8, "2026-11-20T11:00:00Z", "sp\\u00e4ter\\nmore"),
                                   rest_comment(7, "2026-11-20T10:00:00Z", "first"),
                                   rest_comment(9, "2026-11-20T12:00:00Z", "secret", true)));
                           }};
    auto const got = read(*kind, at, "rest", "42", time_of("2026-11-20T10:00:00Z"));
    REQUIRE(got.has_value());
    CHECK(
        *got
        == comments{
            {.remote_id = "7",
             .author = "jo@example.org",
             .at = time_of("2026-11-20T10:00:00Z"),
             .text = "first"},
            {.remote_id = "8",
             .author = "jo@example.org",
             .at = time_of("2026-11-20T11:00:00Z"),
             .text = "später\nmore"}});
    CHECK(at.asked.front().url.path == "/bz/rest/bug/42/comment");
    CHECK(at.asked.front().url.parameter("new_since") == "2026-11-20T09:59:59Z");

    read(*kind, at, "rest.cgi", "42");
    CHECK(at.asked.back().url.path == "/bz/rest.cgi/bug/42/comment");
    CHECK_FALSE(at.asked.back().url.parameter("new_since"));
}

TEST_CASE("Bugzilla REST: what its errors say about comments")
{
    auto const kind = adapters::make_bugzilla();
    auto const after = [&](adapters::reply answer) {
        test::canned_remote at{"https://bugs.example.org", [&](adapters::request const&) { return answer; }};
        return kind_of(read(*kind, at, "rest", "42"));
    };
    CHECK(after(test::bugzilla::json_error(404, 101, "Bug #42 does not exist.")) == error_kind::not_found);
    CHECK(after(test::bugzilla::json_error(401, 102, "You are not authorized.")) == error_kind::forbidden);
    CHECK(after(test::bugzilla::json_error(400, 32000, "Rate limit exceeded")) == error_kind::rate_limited);
    CHECK(after(test::bugzilla::json(R"({"bugs":{}})")) == error_kind::unparsable);
    CHECK(after(test::bugzilla::json(R"({"bugs":{"42":{}}})")) == error_kind::unparsable);
    CHECK(after(test::bugzilla::challenge()) == error_kind::bot_wall);
}

TEST_CASE("Bugzilla XML-RPC: comments of new and old servers")
{
    auto const kind = adapters::make_bugzilla();
    test::canned_remote at{"https://bugs.example.org", [](adapters::request const&) {
                               auto const list = test::xml_array(
                                   {rpc_comment("7", "creator", "a &lt;b&gt; ü", false),
                                    rpc_comment("8", "author", "old", false),
                                    rpc_comment("9", "creator", "secret", true)});
                               auto const bug = test::xml_struct({{"comments", list}});
                               auto const bugs = test::xml_struct({{"42", bug}});
                               return test::xml_answer(test::xml_struct({{"bugs", bugs}}));
                           }};
    auto const got = read(*kind, at, "xmlrpc", "42", time_of("2026-11-20T10:00:00Z"));
    REQUIRE(got.has_value());
    REQUIRE(got->size() == 2);
    CHECK((*got)[0].remote_id == "7");
    CHECK((*got)[0].text == "a <b> ü");
    CHECK((*got)[0].at == time_of("2026-11-20T10:00:00Z"));
    CHECK((*got)[1].author == "jo@example.org");
    CHECK(at.asked.front().body.find("<methodName>Bug.comments</methodName>") != std::string::npos);
    CHECK(at.asked.front().body.find("20261120T09:59:59") != std::string::npos);

    CHECK(kind_of(read(*kind, at, "csv", "42")) == error_kind::unsupported);
}

TEST_CASE("Bugzilla XML-RPC: a fault about the bug")
{
    auto const kind = adapters::make_bugzilla();
    test::canned_remote at{"https://bugs.example.org", [](adapters::request const&) {
                               return test::bugzilla::rpc_fault("<int>102</int>", "not for you");
                           }};
    CHECK(kind_of(read(*kind, at, "xmlrpc", "42")) == error_kind::forbidden);
}

TEST_CASE("Trac XML-RPC: the report, and the comments in the log of changes")
{
    auto const kind = adapters::make_trac();
    test::scripted_remote at{"https://trac.example.org"};
    auto const log = test::xml_answer(test::xml_array(
        {change("20260402T08:00:00", "status", "new", "assigned"),
         change("20260402T08:00:00", "comment", "1", "erste Ü"),
         change("20260403T08:00:00", "comment", "2", ""),
         change("20260404T08:00:00", "_comment0", "old wording", "1"),
         change("20260405T08:00:00", "comment", "1.3", "an answer")}));
    at.next(log);
    at.next(test::xml_answer(test::xml_ticket(42, "new", "")));
    auto const got = read(*kind, at, "xmlrpc", "42");
    REQUIRE(got.has_value());
    REQUIRE(got->size() == 3);
    CHECK((*got)[0].remote_id == "description");
    CHECK((*got)[0].text == "first\nsecond \"line\"");
    CHECK((*got)[0].at == time_of("2026-04-01T07:00:00Z"));
    CHECK(
        (*got)[1]
        == comment{
            .remote_id = "1", .author = "anna", .at = time_of("2026-04-02T08:00:00Z"), .text = "erste Ü"});
    CHECK((*got)[2].remote_id == "3");

    at.next(log);
    auto const later = read(*kind, at, "xmlrpc", "42", time_of("2026-04-05T08:00:00Z"));
    REQUIRE(later.has_value());
    REQUIRE(later->size() == 1);
    CHECK(later->front().remote_id == "3");
    CHECK(at.asked().size() == 3);
}

TEST_CASE("Trac XML-RPC: what its faults say about comments")
{
    auto const kind = adapters::make_trac();
    test::scripted_remote at{"https://trac.example.org"};
    at.next(test::xml_fault(404, "Ticket 42 does not exist."));
    CHECK(kind_of(read(*kind, at, "xmlrpc", "42")) == error_kind::not_found);
    at.next(test::xml_fault(403, "TICKET_VIEW privileges are required"));
    CHECK(kind_of(read(*kind, at, "xmlrpc", "42")) == error_kind::forbidden);
    at.next(test::xml_fault(1, "the moon is wrong"));
    CHECK(kind_of(read(*kind, at, "xmlrpc", "42")) == error_kind::protocol_error);
    CHECK(kind_of(read(*kind, at, "query", "42")) == error_kind::unsupported);
}

TEST_CASE("Trac with Launchpad's plugin: ids of comments, then the comments")
{
    auto const kind = adapters::make_trac();
    test::scripted_remote at{"https://trac.example.org"};
    auto const text = [](std::string_view t) { return test::xml_value("string", t); };
    auto const number = [](std::string_view n) { return test::xml_value("int", n); };
    auto const bug = [&](std::string_view status) {
        return test::xml_struct(
            {{"id", text("42")},
             {"status", text(status)},
             {"comments", test::xml_array({text("c1"), text("c2"), text("c3")})}});
    };
    auto const info = [&](std::string const& one) {
        return test::xml_answer(test::xml_array({number("1795000000"), test::xml_array({one})}));
    };
    at.next(info(bug("open")));
    at.next(test::xml_answer(test::xml_array(
        {number("1795000000"),
         test::xml_array(
             {test::xml_struct(
                  {{"id", text("c2")},
                   {"type", text("comment")},
                   {"user", text("jo")},
                   {"comment", text("two")},
                   {"timestamp", number("1795000100")}}),
              test::xml_struct(
                  {{"id", text("c1")},
                   {"type", text("comment")},
                   {"user", text("jo")},
                   {"comment", text("one")},
                   {"timestamp", number("1795000000")}}),
              test::xml_struct({{"id", text("c3")}, {"type", text("missing")}})})})));
    auto const got = read(*kind, at, "launchpad", "42");
    REQUIRE(got.has_value());
    REQUIRE(got->size() == 2);
    CHECK((*got)[0].text == "one");
    CHECK((*got)[1].at == utc_time{std::chrono::seconds{1'795'000'100}});

    at.next(info(bug("missing")));
    CHECK(kind_of(read(*kind, at, "launchpad", "42")) == error_kind::not_found);
}

TEST_CASE("Launchpad: messages page by page, without what was taken back")
{
    auto const kind = adapters::make_launchpad();
    test::scripted_remote at{"https://launchpad.net"};
    std::string const next = "https://api.launchpad.net/devel/bugs/7001/messages?ws.size=300&ws.start=2";
    at.on(
        "GET",
        "/devel/bugs/7001/messages?ws.size=300",
        test::json(test::page_json(
            {message(0, "2026-05-06T07:08:09.123456+00:00", "The report"),
             message(1, "2026-05-07T07:08:09.123456+00:00", "spam", R"("visible":false)")},
            4,
            0,
            next)));
    at.on(
        "GET",
        "/devel/bugs/7001/messages?ws.size=300&ws.start=2",
        test::json(test::page_json(
            {message(2, "2026-05-08T07:08:09+00:00", "oops", R"("date_deleted":"2026-05-09T00:00:00+00:00")"),
             message(3, "2026-05-09T07:08:09+00:00", "Grüße")},
            4,
            2)));
    auto const got = read(*kind, at, "rest", "plum/+bug/7001");
    REQUIRE(got.has_value());
    REQUIRE(got->size() == 2);
    CHECK((*got)[0].remote_id == "0");
    CHECK((*got)[0].author == "jo");
    CHECK((*got)[1].text == "Grüße");
    CHECK((*got)[1].at == time_of("2026-05-09T07:08:09Z"));

    auto const later = read(*kind, at, "rest", "7001", time_of("2026-05-09T00:00:00Z"));
    REQUIRE(later.has_value());
    REQUIRE(later->size() == 1);
    CHECK(later->front().remote_id == "3");
}

TEST_CASE("Launchpad: a private bug's messages, and a link to somewhere else")
{
    auto const kind = adapters::make_launchpad();
    test::scripted_remote at{"https://launchpad.net"};
    at.next(test::no_such_object());
    CHECK(kind_of(read(*kind, at, "rest", "7001")) == error_kind::not_found);
    at.next(test::json(test::page_json({}, 1, 0, "https://evil.example/devel/bugs/7001/messages")));
    CHECK(kind_of(read(*kind, at, "rest", "7001")) == error_kind::protocol_error);
}

TEST_CASE("Launchpad: more messages than are read are not passed off as all")
{
    auto const kind = adapters::make_launchpad();
    test::scripted_remote at{"https://launchpad.net"};
    at.serve([](adapters::request const& rq) -> result<adapters::reply> {
        return test::json(
            test::page_json({message(0, "2026-05-06T07:08:09+00:00", "x")}, 9000, 0, rq.url.text()));
    });
    CHECK(kind_of(read(*kind, at, "rest", "7001")) == error_kind::too_large);
}
