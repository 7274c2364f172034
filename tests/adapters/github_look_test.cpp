#include "adapters/github.hpp"
#include "tests/adapters/github_issues.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::github_issue;
using test::github_json;
using test::github_list;
using test::github_redirect;
using test::github_says;
using test::label_json;
using test::seen;

namespace {

using lines = std::vector<std::string>;

struct tracker {
    test::scripted_remote at{"https://github.com/acme/widget"};
    std::unique_ptr<adapters::adapter const> github = adapters::make_github();
    capabilities can{.protocol = "rest", .batch = 100, .changed_since = true, .page = 100, .each = 1};

    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(github->look(at, can, ids));
    }
    void on(std::string const& id, result<adapters::reply> what)
    {
        at.on("GET", "/repos/acme/widget/issues/" + id, std::move(what));
    }
    void on_project(adapters::reply what) { at.on("GET", "/repos/acme/widget", std::move(what)); }
};

std::string detail(adapters::findings const& got, std::string_view id)
{
    return std::get<adapters::absence>(test::find(got, id)->what).detail;
}

adapters::reply const project = github_json(200, R"({"id":1,"full_name":"acme/widget"})");
std::string const api = "https://api.github.com";

} // namespace

TEST_CASE("GitHub: an issue by REST, in its own words")
{
    tracker t;
    t.on(
        "7",
        github_issue(
            {.number = "7",
             .state = "closed",
             .reason = "not_planned",
             .labels = label_json("P1") + R"(,"plain")",
             .more = R"(,"type":{"id":3,"name":"Bug"})"}));
    auto const got = t.look({"7"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "7");
    CHECK(
        one.words
        == raw_words{
            .status = "closed", .resolution = "not_planned", .type = "Bug", .labels = {"P1", "plain"}});
    CHECK(one.title == "A \"title\" of 7");
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-11-19T09:08:07Z");

    auto const& rq = t.at.asked()[0];
    CHECK(rq.url.text() == api + "/repos/acme/widget/issues/7");
    CHECK(rq.conditional);
    CHECK(rq.on_redirect == adapters::request::redirects::ignored);
    CHECK_FALSE(rq.login);
}

TEST_CASE("GitHub: a pull request is marked, and says whether it was merged")
{
    tracker t;
    t.on("1", github_issue({.number = "1", .more = R"(,"pull_request":{"merged_at":null})"}));
    t.on(
        "2",
        github_issue(
            {.number = "2",
             .state = "closed",
             .more = R"(,"pull_request":{"merged_at":"2026-11-01T00:00:00Z"})"}));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "1").words == raw_words{.status = "open", .type = "pull request"});
    CHECK(seen(got, "2").words == raw_words{.status = "merged", .type = "pull request"});
}

TEST_CASE("GitHub: missing, deleted, disabled and blocked issues end as they are")
{
    tracker t;
    t.on("9001", github_issue({.number = "9001"}));
    t.on("9002", github_says(404, "Not Found"));
    t.on("9003", github_says(410, "This issue was deleted"));
    t.on("9004", github_says(410, "Issues are disabled for this repo"));
    t.on("9005", github_says(451, "Repository access blocked"));
    t.on("9006", github_says(403, "Resource not accessible by personal access token"));
    t.on("9007", answer(500, "text/html", "<title>Unicorn!</title>"));
    t.on("9008", github_issue({.number = "9008"}));
    auto const got = t.look({"9001", "9002", "9003", "9004", "9005", "9006", "9007", "9008", "x1"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "9002") == outcome::not_found);
    CHECK(detail(got, "9002").find("hidden") != std::string::npos);
    CHECK(ended(got, "9003") == outcome::gone);
    CHECK(detail(got, "9003") == "answered 410: This issue was deleted");
    CHECK(ended(got, "9004") == outcome::forbidden);
    CHECK(ended(got, "9005") == outcome::forbidden);
    CHECK(ended(got, "9006") == outcome::forbidden);
    CHECK(ended(got, "9007") == outcome::not_answered);
    CHECK(ended(got, "9008") == outcome::seen);
    CHECK(ended(got, "x1") == outcome::invalid_id);
    CHECK(t.at.asked().size() == 8);
}

TEST_CASE("GitHub: an issue that went to another project has moved, with its new address")
{
    tracker t;
    t.on("7", github_redirect(api + "/repositories/2/issues/91"));
    t.at.on("GET", "/repositories/2/issues/91", github_issue({.number = "91", .project = "acme/elsewhere"}));
    t.on("8", github_redirect(api + "/repositories/3/issues/92"));
    t.at.on("GET", "/repositories/3/issues/92", github_says(404, "Not Found"));
    t.on_project(project);
    auto const got = t.look({"7", "8"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "7") == outcome::moved);
    CHECK(detail(got, "7") == "https://github.com/acme/elsewhere/issues/91");
    CHECK(ended(got, "8") == outcome::moved);
    CHECK(detail(got, "8") == api + "/repositories/3/issues/92");
    CHECK(t.at.count("/repos/acme/widget") == 3);
}

TEST_CASE("GitHub: the issues of a project with a new name are seen")
{
    tracker t;
    for (std::string const id : {"7", "8", "9"})
        t.on(id, github_redirect(api + "/repositories/1/issues/" + id));
    t.on_project(github_redirect(api + "/repositories/1"));
    t.at.on("GET", "/repositories/1/issues/7", github_issue({.number = "7", .project = "acme/gadget"}));
    t.at.on("GET", "/repositories/1/issues/8", github_redirect(api + "/repositories/2/issues/5"));
    t.at.on("GET", "/repositories/2/issues/5", github_issue({.number = "5", .project = "acme/elsewhere"}));
    t.at.on("GET", "/repositories/1/issues/9", github_says(404, "Not Found"));
    auto const got = t.look({"7", "8", "9"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "7") == outcome::seen);
    CHECK(ended(got, "8") == outcome::moved);
    CHECK(ended(got, "9") == outcome::not_found);
}

TEST_CASE("GitHub: a redirect that leads elsewhere or nowhere is trouble")
{
    for (auto const& to : {std::string{"https://evil.example.org/issues/7"}, std::string{"http://["}}) {
        tracker t;
        t.on("7", github_redirect(to));
        auto const got = t.look({"7"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::protocol_error);
        CHECK(t.at.asked().size() == 1);
    }
    tracker t;
    t.at.on("GET", "*", github_redirect(api + "/repositories/1/issues/7"));
    CHECK(t.look({"7"}).trouble->kind == error_kind::protocol_error);
    CHECK(t.at.asked().size() <= 5);
}

TEST_CASE("GitHub: before issues are called missing, the project is asked for")
{
    tracker gone;
    gone.at.on("GET", "*", github_says(404, "Not Found"));
    auto const all = gone.look({"1", "2", "3"});
    CHECK_FALSE(all.trouble);
    for (auto const* const id : {"1", "2", "3"}) {
        CHECK(ended(all, id) == outcome::not_found);
        CHECK(detail(all, id).starts_with("the project is missing, or hidden"));
    }
    CHECK(gone.at.asked().size() == 2);

    tracker there;
    there.on_project(project);
    there.at.on("GET", "*", github_says(404, "Not Found"));
    CHECK(ended(there.look({"1", "2", "3"}), "3") == outcome::not_found);
    CHECK(there.at.asked().size() == 4);

    tracker blocked;
    blocked.on_project(github_says(451, "Repository access blocked"));
    blocked.at.on("GET", "*", github_says(404, "Not Found"));
    CHECK(ended(blocked.look({"1", "2"}), "2") == outcome::forbidden);

    tracker refused;
    refused.on_project(github_says(403, "Resource protected by organization SAML enforcement."));
    refused.at.on("GET", "*", github_says(404, "Not Found"));
    auto const lost = refused.look({"1", "2"});
    REQUIRE(lost.trouble);
    CHECK(lost.trouble->kind == error_kind::auth_failed);
    CHECK(lost.found.empty());
}

TEST_CASE("GitHub: what concerns the tracker is trouble, and ends the look")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
        std::size_t requests;
    };
    std::vector<sample> const samples{
        {github_says(401, "Bad credentials"), error_kind::auth_failed, 1},
        {github_says(403, "Resource not accessible by integration"), error_kind::auth_failed, 3},
        {answer(500, "text/html", "<title>Unicorn!</title>"), error_kind::protocol_error, 3},
        {answer(503, "text/html", "<title>Unicorn!</title>"), error_kind::maintenance, 1},
        {answer(404, "text/html", "<title>404</title>"), error_kind::protocol_error, 2},
        {answer(200, "text/html", "<title>Sign in</title>"), error_kind::auth_failed, 1},
        {answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall, 1},
        {error{.kind = error_kind::connect_failed}, error_kind::connect_failed, 1},
        {error{.kind = error_kind::deferred}, error_kind::deferred, 1}};
    for (auto const& s : samples) {
        tracker t;
        t.at.on("GET", "*", s.what);
        auto const got = t.look({"5001", "5002", "5003", "5004"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == s.requests);
    }
}

TEST_CASE("GitHub: a limit that only the words tell names its time")
{
    struct sample {
        std::string words;
        std::string remaining;
        std::string after;
        int seconds;
    };
    std::vector<sample> const samples{
        {"You have exceeded a secondary rate limit. Please wait.", "", "", 60},
        {"You have triggered an abuse detection mechanism.", "", "120", 120},
        {"API rate limit exceeded for 192.0.2.1.", "0", "", 300},
        {"API rate limit exceeded for 192.0.2.1.", "9", "", 60}};
    for (auto const& s : samples) {
        tracker t;
        auto no = github_says(403, s.words);
        if (!s.after.empty())
            no.headers.emplace_back("Retry-After", s.after);
        no.headers.emplace_back("X-RateLimit-Remaining", s.remaining);
        no.headers.emplace_back("X-RateLimit-Reset", "1795169100"); // five minutes behind its Date
        t.on("1", github_issue({.number = "1"}));
        t.on("2", no);
        auto const got = t.look({"1", "2", "3"});
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(got.found.size() == 1);
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::rate_limited);
        CHECK(got.trouble->retry_after == std::chrono::seconds{s.seconds});
        CHECK(got.trouble->message == s.words);
    }
}

TEST_CASE("GitHub: an issue whose record cannot be read harms no other")
{
    for (auto const& broken :
         {github_json(200, R"({"number":)"),
          github_json(200, "[]"),
          github_json(200, R"({"number":1})"),
          github_issue({.number = "2"})}) {
        tracker t;
        t.on("1", broken);
        t.on("3", github_issue({.number = "3"}));
        auto const got = t.look({"1", "3"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "1") == outcome::unparsable);
        CHECK(ended(got, "3") == outcome::seen);
    }
}

TEST_CASE("GitHub: without a token many low numbers are found in the project's list")
{
    std::string const list = "/repos/acme/widget/issues?state=all&sort=created&direction=asc&per_page=100";
    std::string const second = api + "/repositories/1/issues?state=all&page=2";
    std::vector<std::string> ids;
    for (int i = 0; i != 8; ++i)
        ids.push_back(std::to_string(101 + i));
    tracker t;
    t.at.on("GET", list, github_list({{.number = "5"}, {.number = "101"}, {.number = "102"}}, second));
    t.at.on(
        "GET",
        "/repositories/1/issues?state=all&page=2",
        github_list({{.number = "103"}, {.number = "104"}, {.number = "105"}, {.number = "106"}}));
    t.on("107", github_issue({.number = "107"}));
    t.on("108", github_says(404, "Not Found"));
    auto const got = t.look(ids);
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 8);
    CHECK(ended(got, "103") == outcome::seen);
    CHECK(ended(got, "107") == outcome::seen);
    CHECK(ended(got, "108") == outcome::not_found);
    CHECK(t.at.asked().size() == 4);
    CHECK(t.github->conditional_questions(t.at, t.can, ids).empty());

    tracker away;
    away.at.on("GET", list, github_list({{.number = "5"}}, "https://evil.example.org/x"));
    CHECK(away.look(ids).trouble->kind == error_kind::protocol_error);
    CHECK(away.at.asked().size() == 1);

    tracker none;
    none.at.on("GET", list, github_says(410, "Issues are disabled for this repo"));
    none.at.on("GET", "*", github_says(410, "Issues are disabled for this repo"));
    CHECK(ended(none.look(ids), "108") == outcome::forbidden);
}

TEST_CASE("GitHub: a 304 is an issue that did not change")
{
    tracker t;
    std::vector<std::string> const ids{"7000", "7001"};
    adapters::reply same;
    same.status = 304;
    t.on("7000", same);
    t.on("7001", github_issue({.number = "7001"}));
    auto const got = t.look(ids);
    CHECK(ended(got, "7000") == outcome::unmodified);
    CHECK(ended(got, "7001") == outcome::seen);
    auto const questions = t.github->conditional_questions(t.at, t.can, ids);
    REQUIRE(questions.size() == 2);
    for (std::size_t i = 0; i != 2; ++i) {
        CHECK(questions[i].url == t.at.asked()[i].url.text());
        CHECK(questions[i].ids == std::vector{ids[i]});
    }
}
