#include "adapters/github.hpp"
#include "tests/adapters/github_issues.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::github_json;
using test::github_says;
using lines = std::vector<std::string>;

namespace {

struct tracker {
    explicit tracker(std::string_view base = "https://github.com/acme/widget") : at{base} {}

    result<capabilities> probe() { return test::run(adapters::make_github()->probe(at)); }
    void on_viewer(adapters::reply what)
    {
        at.set_credential(false);
        at.on("GET", "/rate_limit", github_json(200, R"({"resources":{}})"));
        at.on("POST", "/graphql", std::move(what));
    }

    test::scripted_remote at;
};

adapters::reply viewer(std::string_view fields)
{
    return github_json(
        200,
        fmt::format(R"({{"data":{{"viewer":{{"login":"watcher"}},"__type":{{"fields":[{}]}}}}}})", fields));
}

} // namespace

TEST_CASE("GitHub: github.com is asked without a token for what costs nothing")
{
    tracker t;
    t.at.on("GET", "/rate_limit", github_json(200, R"({"resources":{}})"));
    auto const can = t.probe();
    REQUIRE(can);
    CHECK(
        *can
        == capabilities{
            .protocol = "rest",
            .batch = 100,
            .changed_since = true,
            .page = 100,
            .each = 1,
            .importance = true,
            .comments = true});
    CHECK(t.at.lines() == lines{"GET /rate_limit"});
    CHECK(t.at.asked()[0].url.origin() == "https://api.github.com");
    CHECK_FALSE(t.at.asked()[0].login);
}

TEST_CASE("GitHub: the API of any other host, and the version of an Enterprise Server")
{
    struct sample {
        std::string base;
        std::string api;
        std::string asked;
    };
    std::vector<sample> const samples{
        {"https://git.example.org/acme/widget", "", "https://git.example.org/api/v3/meta"},
        {"https://corp.ghe.com/acme/widget", "", "https://api.corp.ghe.com/rate_limit"},
        {"http://127.0.0.1:99/acme/widget", "http://127.0.0.1:98/api/v3/", "http://127.0.0.1:98/api/v3/meta"},
        {"https://github.com/acme/widget/",
         "https://proxy.example.org/gh",
         "https://proxy.example.org/gh/rate_limit"}};
    for (auto const& s : samples) {
        tracker t{s.base};
        if (!s.api.empty())
            t.at.set_api(s.api);
        t.at.next(github_json(200, R"({"installed_version":"3.14.2"})"));
        auto const can = t.probe();
        REQUIRE(can);
        CHECK(can->version == "3.14.2");
        CHECK(t.at.asked()[0].url.text() == s.asked);
    }
    tracker unlimited{"https://git.example.org/acme/widget"};
    auto none = github_says(404, "Not Found");
    none.headers.emplace_back("X-GitHub-Enterprise-Version", "2.22.0");
    unlimited.at.next(none);
    CHECK(unlimited.probe().value().version == "2.22.0");
}

TEST_CASE("GitHub: a token is proved by its name, and the schema says how issues are asked")
{
    constexpr auto duplicates =
        R"({"name":"stateReason","args":[{"name":"enableDuplicate"}]},{"name":"duplicateOf","args":[]})";
    struct sample {
        std::string fields;
        std::string protocol;
        double each;
    };
    std::vector<sample> const samples{
        {std::string{duplicates} + R"(,{"name":"issueType","args":[]})", "graphql", 0},
        {duplicates, "graphql-old", 0},
        {R"({"name":"stateReason","args":[]})", "graphql-old", 0},
        {R"({"name":"state","args":[]})", "rest", 1}};
    for (auto const& s : samples) {
        tracker t;
        t.on_viewer(viewer(s.fields));
        auto const can = t.probe();
        REQUIRE(can);
        CHECK(can->protocol == s.protocol);
        CHECK(can->each == s.each);
        CHECK(can->login == "token");
        CHECK(can->identity == "watcher");
        for (auto const& rq : t.at.asked()) {
            REQUIRE(rq.login);
            CHECK(rq.login->name == "Authorization");
            CHECK(rq.login->prefix == "Bearer ");
        }
    }
}

TEST_CASE("GitHub: where GraphQL names nobody the user is asked for; a token without a name proves nothing")
{
    for (auto const& silent :
         {github_says(404, "Not Found"),
          github_says(403, "Resource not accessible by integration"),
          github_json(200, R"({"data":null,"errors":[{"message":"no"}]})")}) {
        tracker named;
        named.on_viewer(silent);
        named.at.on("GET", "/user", github_json(200, R"({"login":"watcher"})"));
        auto const can = named.probe();
        REQUIRE(can);
        CHECK(can->identity == "watcher");
        CHECK(can->protocol == "rest");

        tracker nameless;
        nameless.on_viewer(silent);
        nameless.at.on("GET", "/user", github_json(200, "{}"));
        CHECK(nameless.probe().error().kind == error_kind::auth_failed);
    }
    tracker bad;
    bad.at.set_credential(false);
    bad.at.next(github_says(401, "Bad credentials"));
    auto const refused = bad.probe();
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::auth_failed);
    CHECK(refused.error().message == "answered 401: Bad credentials");
    tracker limited;
    limited.on_viewer(github_json(200, R"({"errors":[{"type":"RATE_LIMITED","message":"limit"}]})"));
    CHECK(limited.probe().error().kind == error_kind::rate_limited);
}

TEST_CASE("GitHub: what other kinds answer is not GitHub, and trouble is neither")
{
    struct sample {
        adapters::reply what;
        error_kind kind;
    };
    std::vector<sample> const samples{
        {answer(404, "application/json", R"({"error":"404 Not Found"})"), error_kind::unsupported}, // GitLab
        {answer(404, "text/plain;charset=utf-8", "Not found.\n"), error_kind::unsupported},         // Gitea
        {answer(404, "text/html", "<title>Page not found</title>"), error_kind::unsupported},       // Redmine
        {answer(404, "application/json", R"({"error":{"status":404,"msg":"no"}})"), error_kind::unsupported},
        {answer(200, "application/json", R"({"version":"1.22.3"})"), error_kind::unsupported},
        {answer(200, "text/html", "<title>Welcome</title>"), error_kind::unsupported},
        {answer(401, "application/json", R"({"message":"401 Unauthorized"})"), error_kind::auth_failed},
        {answer(503, "text/html", "<title>Down</title>"), error_kind::maintenance},
        {answer(502, "text/html", "<title>Bad gateway</title>"), error_kind::protocol_error},
        {github_says(401, "Must authenticate to access this API."), error_kind::auth_failed},
        {github_says(403, "You have exceeded a secondary rate limit."), error_kind::rate_limited}};
    for (auto const& s : samples) {
        CAPTURE(s.what.body);
        tracker t{"https://git.example.org/acme/widget"};
        t.at.next(s.what);
        auto const got = t.probe();
        REQUIRE(got.has_error());
        CHECK(got.error().kind == s.kind);
    }
}

TEST_CASE("GitHub: a tracker is a project")
{
    for (auto const* const base :
         {"https://github.com/", "https://github.com/acme", "https://github.com/acme/widget/wiki"}) {
        tracker t{base};
        CHECK(t.probe().error().kind == error_kind::unsupported);
        CHECK(t.at.asked().empty());
    }
}
