#include "adapters/github.hpp"
#include "tests/adapters/github_issues.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::ended;
using test::github_issue;
using test::github_json;
using test::github_redirect;
using test::github_says;
using test::seen;

namespace {

struct tracker {
    test::scripted_remote at{"https://github.com/Acme/Widget"};
    std::unique_ptr<adapters::adapter const> github = adapters::make_github();
    capabilities can{
        .protocol = "graphql",
        .batch = 100,
        .changed_since = true,
        .page = 100,
        .login = "token",
        .identity = "watcher"};

    tracker() { at.set_credential(false); }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(github->look(at, can, ids));
    }
};

std::string node(std::string_view number, std::string_view more = {}, std::string_view page = "issues")
{
    return fmt::format(
        R"("i{0}":{{"__typename":"Issue","number":{0},"state":"CLOSED","stateReason":"COMPLETED",)"
        R"("title":"Title {0}","updatedAt":"2026-11-19T09:08:07Z",)"
        R"("url":"https://github.com/acme/widget/{2}/{0}","labels":{{"nodes":[{{"name":"P1"}}]}}{1}}})",
        number,
        more,
        page);
}

adapters::reply answered(std::string_view nodes, std::string_view errors = {})
{
    return github_json(
        200,
        fmt::format(
            R"({{"data":{{"repository":{{"url":"https://github.com/acme/widget",{}}}}}{}{}{}}})",
            nodes,
            errors.empty() ? "" : R"(,"errors":[)",
            errors,
            errors.empty() ? "" : "]"));
}

constexpr auto not_found_13 =
    R"({"type":"NOT_FOUND","path":["repository","i13"],"message":"Could not resolve"})";

} // namespace

TEST_CASE("GitHub GraphQL: a hundred issues in one question, in the words of REST")
{
    tracker t;
    t.at.next(answered(
        node("12", R"(,"issueType":{"name":"Bug"},"duplicateOf":null)") + ","
        + R"("i14":{"__typename":"PullRequest","number":14,"state":"MERGED","title":"P",)"
          R"("updatedAt":"2026-11-19T09:08:07Z","url":"https://github.com/acme/widget/pull/14",)"
          R"("labels":{"nodes":[]}})"));
    auto const got = t.look({"12", "14"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "12");
    CHECK(
        one.words
        == raw_words{.status = "closed", .resolution = "completed", .type = "Bug", .labels = {"P1"}});
    CHECK(one.title == "Title 12");
    CHECK(one.modified == parse_time("2026-11-19T09:08:07Z"));
    CHECK(one.duplicate_of.empty());
    CHECK(seen(got, "14").words == raw_words{.status = "merged", .type = "pull request"});

    REQUIRE(t.at.asked().size() == 1);
    auto const& rq = t.at.asked()[0];
    CHECK(rq.method == "POST");
    CHECK(rq.url.text() == "https://api.github.com/graphql");
    CHECK(rq.login);
    CHECK(rq.body.find("i12:issueOrPullRequest(number:12){...f}") != std::string::npos);
    CHECK(rq.body.find(R"("variables":{"owner":"Acme","name":"Widget"})") != std::string::npos);
    CHECK(rq.body.find("stateReason(enableDuplicate:true) duplicateOf") != std::string::npos);
    CHECK(t.github->conditional_questions(t.at, t.can, std::vector<std::string>{"12", "14"}).empty());

    tracker old;
    old.can.protocol = "graphql-old";
    old.at.next(answered(node("12") + "," + node("13")));
    old.look({"12", "13"});
    CHECK(old.at.asked()[0].body.find("enableDuplicate") == std::string::npos);
}

TEST_CASE("GitHub GraphQL: a duplicate names its original")
{
    tracker t;
    t.at.next(answered(
        node("1", R"(,"duplicateOf":{"number":9,"url":"https://github.com/acme/widget/issues/9"})") + ","
        + node("2", R"(,"duplicateOf":{"number":9,"url":"https://github.com/acme/gadget/issues/9"})")));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "1").duplicate_of == "9");
    CHECK(seen(got, "2").duplicate_of == "https://github.com/acme/gadget/issues/9");
}

TEST_CASE("GitHub GraphQL: what is null is asked for singly, where the reason is told")
{
    tracker t;
    t.at.next(answered(node("12") + R"(,"i13":null,"i15":null,"i16":null)", not_found_13));
    t.at.on("GET", "/repos/Acme/Widget/issues/13", github_says(404, "Not Found"));
    t.at.on("GET", "/repos/Acme/Widget/issues/15", github_says(410, "This issue was deleted"));
    t.at.on(
        "GET",
        "/repos/Acme/Widget/issues/16",
        github_redirect("https://api.github.com/repositories/2/issues/4"));
    t.at.on("GET", "/repositories/2/issues/4", github_issue({.number = "4", .project = "acme/gadget"}));
    t.at.on("GET", "/repos/Acme/Widget", github_json(200, "{}"));
    auto const got = t.look({"12", "13", "15", "16"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "12") == outcome::seen);
    CHECK(ended(got, "13") == outcome::not_found);
    CHECK(ended(got, "15") == outcome::gone);
    CHECK(ended(got, "16") == outcome::moved);
    for (auto const& rq : t.at.asked())
        CHECK(rq.login);
}

TEST_CASE(
    "GitHub GraphQL: an issue at another address than its own has moved; a new name of the project is none")
{
    tracker t;
    t.at.next(answered(
        node("1", R"(,"x":0)", "pull")
        + R"(,"i2":{"__typename":"Issue","number":9,"state":"OPEN",)"
          R"("url":"https://github.com/acme/elsewhere/issues/9"})"));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::moved);

    tracker renamed;
    renamed.at.next(github_json(
        200,
        R"({"data":{"repository":{"url":"https://github.com/acme/Gadget",)"
        R"("i1":{"state":"OPEN","url":"https://github.com/acme/Gadget/issues/1"},)"
        R"("i2":{"state":"OPEN","url":"https://github.com/acme/Gadget/issues/2"},"i99":{"state":"OPEN"}}}})"));
    auto const all = renamed.look({"1", "2"});
    CHECK(ended(all, "1") == outcome::seen);
    CHECK(ended(all, "2") == outcome::seen);
    CHECK(all.found.size() == 2);
}

TEST_CASE("GitHub GraphQL: a project that is not there is asked for once more")
{
    auto const nothing = github_json(
        200,
        R"({"data":{"repository":null},"errors":[{"type":"NOT_FOUND","path":["repository"],"message":"no"}]})");
    tracker t;
    t.at.next(nothing);
    t.at.on("GET", "/repos/Acme/Widget", github_says(404, "Not Found"));
    auto const got = t.look({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::not_found);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("GitHub GraphQL: errors of the whole question are trouble")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
    };
    auto const errors = [](std::string_view list) {
        return github_json(200, fmt::format(R"({{"data":null,"errors":[{}]}})", list));
    };
    auto limited = errors(R"({"type":"RATE_LIMITED","message":"API rate limit exceeded for user ID 7."})");
    limited.headers.emplace_back("X-RateLimit-Remaining", "0");
    limited.headers.emplace_back("X-RateLimit-Reset", "1795169100");
    std::vector<sample> const samples{
        {limited, error_kind::rate_limited},
        {errors(R"({"message":"You have exceeded a secondary rate limit."})"), error_kind::rate_limited},
        {errors(R"({"message":"Something went wrong while executing your query."})"), error_kind::timeout},
        {errors(R"({"type":"MAX_NODE_LIMIT_EXCEEDED","message":"too much"})"), error_kind::too_large},
        {errors(R"({"type":"FORBIDDEN","path":["repository"],"message":"SAML"})"), error_kind::auth_failed},
        {errors(R"({"message":"Parse error on \"x\""})"), error_kind::protocol_error},
        {github_json(200, R"({"data":{}})"), error_kind::protocol_error},
        {github_json(200, "[]"), error_kind::protocol_error},
        {github_json(200, "{"), error_kind::protocol_error},
        {github_says(401, "Bad credentials"), error_kind::auth_failed},
        {github_says(502, "Bad Gateway"), error_kind::protocol_error},
        {test::answer(200, "text/html", "<title>Hello</title>"), error_kind::protocol_error},
        {error{.kind = error_kind::rate_limited}, error_kind::rate_limited}};
    for (auto const& s : samples) {
        tracker t;
        t.at.next(s.what);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == 1);
    }
    tracker t;
    t.at.next(limited);
    CHECK(t.look({"1", "2"}).trouble->retry_after == std::chrono::seconds{300});
}

TEST_CASE("GitHub GraphQL: trouble beside data keeps the data")
{
    tracker t;
    t.at.next(answered(
        node("12") + R"(,"i13":null)", R"({"message":"Something went wrong while executing your query."})"));
    auto const got = t.look({"12", "13"});
    CHECK(ended(got, "12") == outcome::seen);
    CHECK_FALSE(ended(got, "13"));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::timeout);
}

TEST_CASE("GitHub GraphQL: one issue alone is asked by REST, where a 304 costs nothing")
{
    tracker t;
    std::vector<std::string> const one{"7"};
    t.at.on("GET", "/repos/Acme/Widget/issues/7", github_issue({.number = "7"}));
    CHECK(ended(t.look(one), "7") == outcome::seen);
    REQUIRE(t.at.asked().size() == 1);
    CHECK(t.at.asked()[0].conditional);
    CHECK(t.at.asked()[0].login);
    auto const questions = t.github->conditional_questions(t.at, t.can, one);
    REQUIRE(questions.size() == 1);
    CHECK(questions[0].url == t.at.asked()[0].url.text());
}

TEST_CASE("GitHub: a look without a project is trouble")
{
    test::scripted_remote at{"https://github.com/"};
    std::vector<std::string> const ids{"1", "x"};
    auto const got = test::run(adapters::make_github()->look(at, {.protocol = "rest"}, ids));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::unsupported);
    CHECK(ended(got, "x") == outcome::invalid_id);
}
