#include "adapters/mantis.hpp"
#include "tests/adapters/mantis_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::ended;
using test::seen;
using test::soap_fault;
using test::soap_header;
using test::soap_headers;
using test::soap_issue;
using test::soap_missing;

namespace {

// A SOAP server: an answer by method and, of mc_issue_get, by issue.
struct tracker {
    test::scripted_remote at{"https://mantis.example.org/bugs/"};
    capabilities can{.protocol = "soap", .batch = 200};
    std::map<std::string, result<adapters::reply>> answers;

    tracker()
    {
        at.serve([this](adapters::request const& rq) -> result<adapters::reply> {
            auto key = between(rq.body, "<m:", ">");
            if (key == "mc_issue_get")
                key = between(rq.body, "<issue_id xsi:type=\"xsd:integer\">", "<");
            auto const found = answers.find(key);
            if (found == answers.end())
                throw std::logic_error{"no answer for " + key};
            return found->second;
        });
    }
    static std::string between(std::string const& text, std::string_view from, std::string_view to)
    {
        auto const start = text.find(from) + from.size();
        return text.substr(start, text.find(to, start) - start);
    }
    void on(std::string key, result<adapters::reply> what)
    {
        answers.insert_or_assign(std::move(key), std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(adapters::make_mantis()->look(at, can, ids));
    }
};

constexpr char const* headers = "mc_issues_get_header";

} // namespace

TEST_CASE("Mantis SOAP: many issues in one request")
{
    tracker t;
    t.on(
        headers,
        soap_headers({soap_header(2, 80, 20), soap_header(1, 20, 10, 60, 10), soap_header(70, 10, 10)}));
    auto const got = t.look({"1", "2", "x"});

    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(
        one.words
        == raw_words{
            .status = "feedback", .resolution = "open", .priority = "immediate", .severity = "feature"});
    CHECK(one.title == "Plums & pears #1");
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-04-12T08:15:30Z");
    CHECK(seen(got, "2").words.resolution == "fixed");
    CHECK(ended(got, "x") == outcome::invalid_id);
    REQUIRE(t.at.asked().size() == 1);
    auto const& rq = t.at.asked()[0];
    CHECK(rq.url.text() == "https://mantis.example.org/bugs/api/soap/mantisconnect.php");
    CHECK(rq.body.find("<username xsi:type=\"xsd:string\"></username>") != std::string::npos);
    CHECK(rq.body.find("<item xsi:type=\"xsd:integer\">2</item>") != std::string::npos);
    CHECK_FALSE(rq.login);
}

TEST_CASE("Mantis SOAP: what was passed over, and duplicates, are asked singly")
{
    tracker t;
    t.on(headers, soap_headers({soap_header(1, 10, 10), soap_header(20, 90, 60)}));
    t.on("20", soap_issue(20, "closed", "duplicate", 10));
    t.on("13", soap_fault("Access denied for user anonymous."));
    t.on("9999", soap_missing(9999));
    t.on("5", soap_issue(6, "new", "open"));
    t.on("7", soap_fault("Undefined index: plum"));
    auto const got = t.look({"1", "20", "13", "9999", "5", "7"});

    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(seen(got, "20").words.resolution == "duplicate");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "5") == outcome::not_answered);
    CHECK(ended(got, "7") == outcome::not_answered);
    CHECK(t.at.asked().size() == 6);
}

TEST_CASE("Mantis SOAP: the words of a site's own numbers are asked for, once a look")
{
    tracker t;
    t.on(headers, soap_headers({soap_header(1, 60, 10), soap_header(2, 65, 10), soap_header(3, 60, 10)}));
    t.on(
        "mc_enum_status",
        test::soap_result("mc_enum_status", "<return><item><id>60</id><name>testing</name></item></return>"));
    auto const got = t.look({"1", "2", "3"});
    CHECK(seen(got, "1").words.status == "testing");
    CHECK(seen(got, "2").words.status == "65");
    CHECK(seen(got, "3").words.status == "testing");
    CHECK(t.at.asked().size() == 2);

    t.on("mc_enum_status", soap_fault("Procedure 'mc_enum_status' not present"));
    CHECK(seen(t.look({"1"}), "1").words.status == "60");
}

TEST_CASE("Mantis SOAP: credentials go into the body, and an API token as its user's password")
{
    tracker t;
    t.on(headers, soap_headers({soap_header(1, 10, 10)}));
    t.can.login = "user";
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    t.can.login = "token";
    t.can.identity = "jo & co";
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    REQUIRE(t.at.asked().size() == 2);
    for (auto const& rq : t.at.asked()) {
        REQUIRE(rq.login);
        CHECK(rq.login->place == adapters::login_place::where::body);
        CHECK(rq.body.find(">{{checkwatches:secret}}</password>") != std::string::npos);
    }
    CHECK(t.at.asked()[0].body.find(">{{checkwatches:user}}</username>") != std::string::npos);
    CHECK(t.at.asked()[1].body.find(">jo &amp; co</username>") != std::string::npos);
}

TEST_CASE("Mantis SOAP: an answer that is none is trouble, and no word about issues")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& r : std::vector<row>{
             {soap_fault("Access denied"), error_kind::auth_failed},
             {soap_fault("Database query failed"), error_kind::protocol_error},
             {test::answer(200, "text/html", "PHP SOAP extension is not enabled."),
              error_kind::protocol_error},
             {test::answer(200, "text/xml", "<Envelope><Body>"), error_kind::protocol_error},
             {test::answer(404, "text/html", "<title>404 Not Found</title>"), error_kind::protocol_error},
             {test::answer(503, "text/html", "offline"), error_kind::maintenance},
             {test::answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall},
             {error{.kind = error_kind::timeout}, error_kind::timeout}}) {
        tracker t;
        t.on(headers, r.what);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(t.at.asked().size() == 1);
    }
}

TEST_CASE("Mantis SOAP: an old one is asked issue by issue, and nothing but denials is a missing login")
{
    tracker t;
    t.can.protocol = "soap-single";
    t.on("1", soap_issue(1, "new", "open"));
    t.on("13", soap_fault("Access denied"));
    auto const got = t.look({"13", "1"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "1") == outcome::seen);

    t.on("1", soap_fault("Access denied"));
    auto const shut = t.look({"13", "1"});
    CHECK(shut.found.empty());
    REQUIRE(shut.trouble);
    CHECK(shut.trouble->kind == error_kind::auth_failed);
}

TEST_CASE("Mantis SOAP: one look asks for so many issues singly, and the rest stays due")
{
    tracker t;
    t.on(headers, soap_headers({}));
    std::vector<std::string> ids;
    for (int i = 1; i <= 70; ++i) {
        ids.push_back(std::to_string(i));
        t.on(ids.back(), soap_missing(i));
    }
    auto const got = t.look(ids);
    CHECK(got.found.size() == 60);
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::deferred);
}

TEST_CASE("Mantis SOAP: a password that is refused hides no issue")
{
    tracker t;
    t.can.protocol = "soap-single";
    t.can.login = "user";
    t.on("1", soap_fault("Access denied"));
    t.on("13", soap_fault("Access denied"));
    auto const shut = t.look({"13", "1"});
    CHECK(shut.found.empty());
    REQUIRE(shut.trouble);
    CHECK(shut.trouble->kind == error_kind::auth_failed);

    t.on("1", soap_issue(1, "new", "open"));
    auto const got = t.look({"1", "13"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "13") == outcome::forbidden);
}
