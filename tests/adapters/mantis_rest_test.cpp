#include "adapters/mantis.hpp"
#include "tests/adapters/mantis_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::mantis_issue;
using test::mantis_json;
using test::mantis_no_issue;
using test::seen;

namespace {

struct tracker {
    test::scripted_remote at{"https://mantis.example.org/"};
    capabilities can{.protocol = "rest", .batch = 60};
    std::unique_ptr<adapters::adapter const> mantis = adapters::make_mantis();

    void on(int id, result<adapters::reply> what)
    {
        at.on("GET", "/api/rest/index.php/issues/" + std::to_string(id) + "?*", std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(mantis->look(at, can, ids));
    }
};

} // namespace

TEST_CASE("Mantis REST: each issue in a request of its own")
{
    tracker t;
    t.on(1, mantis_json(200, mantis_issue(1, "resolved", "fixed")));
    t.on(20, mantis_json(200, mantis_issue(20, "closed", "duplicate", 10)));
    t.on(13, mantis_json(403, R"({"message":"Access denied for user reader."})"));
    t.on(9999, mantis_no_issue(9999));
    t.on(3, adapters::reply{.status = 304});
    auto const got = t.look({"1", "20", "13", "9999", "3", "1,2"});

    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(
        one.words
        == raw_words{.status = "resolved", .resolution = "fixed", .priority = "high", .severity = "minor"});
    CHECK(one.title == "Plum <b>\"1\"</b>");
    CHECK(one.duplicate_of.empty());
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-04-12T08:15:30Z");
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "9999") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::unmodified);
    CHECK(ended(got, "1,2") == outcome::invalid_id);
    CHECK(t.at.asked().size() == 5);
    CHECK(t.at.asked()[0].conditional);
}

TEST_CASE("Mantis REST: what it would ask conditionally is what it asks")
{
    tracker t;
    t.on(1, mantis_json(200, mantis_issue(1, "new", "open")));
    CHECK_FALSE(t.look({"1"}).trouble);
    std::vector<std::string> const ids{"1", "x"};
    auto const questions = t.mantis->conditional_questions(t.at, t.can, ids);
    REQUIRE(questions.size() == 1);
    CHECK(questions[0].url == t.at.asked()[0].url.text());
    CHECK(questions[0].ids == std::vector<std::string>{"1"});
    t.can.protocol = "soap";
    CHECK(t.mantis->conditional_questions(t.at, t.can, ids).empty());
}

TEST_CASE("Mantis REST: the API's place is derived, or given")
{
    tracker t;
    t.at.on("GET", "/api/rest/issues/1?*", mantis_json(200, mantis_issue(1, "new", "open")));
    t.can.protocol = "rest-rewrite";
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    t.at.set_api("https://mantis.example.org/x/rest");
    t.at.on("GET", "/x/rest/issues/1?*", mantis_json(200, mantis_issue(1, "new", "open")));
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
}

TEST_CASE("Mantis REST: a token goes bare, and an answer as to anybody is not believed")
{
    tracker t;
    t.can.login = "token";
    t.on(1, mantis_json(200, mantis_issue(1, "new", "open"), "jo", true));
    CHECK(ended(t.look({"1"}), "1") == outcome::seen);
    REQUIRE(t.at.asked()[0].login);
    CHECK(t.at.asked()[0].login->name == "Authorization");
    CHECK(t.at.asked()[0].login->prefix.empty());

    tracker shut;
    shut.can.login = "token";
    shut.on(1, mantis_json(200, mantis_issue(1, "new", "open"), "anonymous"));
    auto const got = shut.look({"1"});
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
}

TEST_CASE("Mantis REST: records that cannot be read harm no other")
{
    struct row {
        std::string body;
        outcome what;
    };
    for (auto const& r : std::vector<row>{
             {"{\"issues\":", outcome::unparsable},
             {"[]", outcome::unparsable},
             {R"({"issues":[]})", outcome::unparsable},
             {R"({"issues":[{"id":1}]})", outcome::unparsable},
             {mantis_issue(2, "new", "open"), outcome::not_answered}}) {
        tracker t;
        t.on(1, mantis_json(200, r.body));
        t.on(5, mantis_json(200, mantis_issue(5, "new", "open")));
        auto const got = t.look({"1", "5"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "1") == r.what);
        CHECK(ended(got, "5") == outcome::seen);
    }
}

TEST_CASE("Mantis REST: what concerns the tracker is trouble")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
        std::size_t requests;
    };
    for (auto const& r : std::vector<row>{
             {answer(401, "text/html", ""), error_kind::auth_failed, 3},
             {answer(403, "text/html", "<title>403 Forbidden</title>"), error_kind::auth_failed, 1},
             {mantis_json(500, R"({"message":"Oops"})"), error_kind::protocol_error, 3},
             {answer(503, "text/html", "offline"), error_kind::maintenance, 1},
             {answer(404, "text/html", "<title>404 Not Found</title>"), error_kind::protocol_error, 1},
             {mantis_json(404, R"({"message":"Not Found"})"), error_kind::protocol_error, 1},
             {answer(200, "text/html", "<title>Log in</title>"), error_kind::auth_failed, 3},
             {error{.kind = error_kind::tls_failed}, error_kind::tls_failed, 1}}) {
        tracker t;
        t.at.on("GET", "/api/*", r.what);
        auto const got = t.look({"1", "2", "3", "4"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(t.at.asked().size() == r.requests);
    }
}

TEST_CASE("Mantis REST: a page that denies is no private issue")
{
    tracker t;
    t.on(1, mantis_json(200, mantis_issue(1, "new", "open")));
    t.on(2, answer(403, "text/html", "<title>403 Forbidden</title>"));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK_FALSE(ended(got, "2"));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
}
