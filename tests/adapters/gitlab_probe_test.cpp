#include "adapters/gitlab.hpp"
#include "tests/adapters/gitlab_pages.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::graphql;
using test::json;
using test::scripted_remote;

namespace {

result<capabilities> probe(scripted_remote& at)
{
    return test::run(adapters::make_gitlab()->probe(at));
}

constexpr auto* plum = "/api/v4/projects/tools%2Fplum";

adapters::reply project(std::string_view path = "tools/plum", bool has_issues = true)
{
    return json(fmt::format(
        R"({{"id":15,"name":"plum","path_with_namespace":"{}","issues_enabled":{}}})", path, has_issues));
}

} // namespace

TEST_CASE("GitLab probe: the project proves it, and GraphQL is asked what it knows")
{
    struct row {
        std::vector<adapters::reply> answers;
        std::string protocol;
        double each;
    };
    auto const unknown = test::graphql_error("Field 'closedAsDuplicateOf' doesn't exist on type 'Issue'");
    std::vector<row> const rows{
        {{graphql("", "{}")}, "rest+status", 0.01},
        {{unknown, graphql("")}, "rest+graphql", 0.01},
        {{unknown, unknown}, "rest", 0},
        {{json(R"({"data":{"project":null}})")}, "rest", 0},
        {{answer(404, "text/html", "<html>")}, "rest", 0},
        {{answer(200, "text/html", "<title>Making sure you're not a bot!</title>")}, "rest", 0}};
    for (auto const& r : rows) {
        scripted_remote at{"https://git.example.org/tools/plum/-/issues"};
        at.on("GET", plum, project());
        for (auto const& a : r.answers)
            at.on("POST", "/api/graphql", a);
        auto const can = probe(at);
        REQUIRE(can);
        CHECK(can->protocol == r.protocol);
        CHECK(can->each == r.each);
        CHECK(can->batch == 100);
        CHECK(can->page == 0);
        CHECK(can->changed_since);
        CHECK(can->importance);
        CHECK_FALSE(can->comments);
        CHECK(can->login.empty());
        CHECK(can->identity.empty());
    }
    scripted_remote slow{"https://git.example.org/tools/plum"};
    slow.on("GET", plum, project());
    slow.on("POST", "/api/graphql", error{.kind = error_kind::timeout});
    CHECK(probe(slow).error().kind == error_kind::timeout);
    scripted_remote broken{"https://git.example.org/tools/plum"};
    broken.on("GET", plum, project());
    broken.on("POST", "/api/graphql", answer(502, "text/html", "<title>502</title>"));
    CHECK(probe(broken).error().kind == error_kind::protocol_error);
}

TEST_CASE("GitLab probe: a credential is proved, in one header or the other")
{
    auto const refused = json(R"({"message":"401 Unauthorized"})", 401);
    scripted_remote at{"https://git.example.org/tools/plum"};
    at.set_credential(false);
    at.on("GET", plum, project("tools/plum"));
    at.on("GET", "/api/v4/user", json(R"({"id":7,"username":"watcher"})"));
    at.on("GET", "/api/v4/version", json(R"({"version":"17.5.1","revision":"abc"})"));
    at.on("POST", "/api/graphql", graphql(""));
    auto const can = probe(at);
    REQUIRE(can);
    CHECK(can->login == "token");
    CHECK(can->identity == "watcher");
    CHECK(can->version == "17.5.1");
    CHECK(can->comments);
    for (auto const& rq : at.asked())
        CHECK(rq.login);

    scripted_remote oauth{"https://git.example.org/tools/plum"};
    oauth.set_credential(false);
    oauth.on("GET", plum, refused);
    oauth.on("GET", plum, project());
    oauth.on("GET", "/api/v4/user", json(R"({"id":7,"username":"watcher"})"));
    oauth.on("GET", "/api/v4/version", json(R"({"message":"403 Forbidden"})", 403));
    oauth.on("POST", "/api/graphql", graphql(""));
    CHECK(probe(oauth)->login == "bearer");
    CHECK(oauth.asked()[1].login->prefix == "Bearer ");

    scripted_remote bad{"https://git.example.org/tools/plum"};
    bad.set_credential(false);
    bad.on("GET", plum, refused);
    CHECK(probe(bad).error().kind == error_kind::auth_failed);

    scripted_remote nameless{"https://git.example.org/tools/plum"};
    nameless.set_credential(false);
    nameless.on("GET", plum, project());
    nameless.on("GET", "/api/v4/user", json(R"({"error":"insufficient_scope"})", 403));
    CHECK(probe(nameless).error().kind == error_kind::auth_failed);
}

TEST_CASE("GitLab probe: below a path, nested groups, and where the API is given")
{
    scripted_remote below{"https://host/git/tools/plum"};
    below.on("GET", "/api/v4/projects/git%2Ftools%2Fplum", answer(404, "text/html", "<title>Apache</title>"));
    below.on("GET", "/git/api/v4/projects/tools%2Fplum", project());
    below.on("POST", "/git/api/graphql", graphql(""));
    CHECK(probe(below)->protocol == "rest+status /git");

    scripted_remote nested{"https://host/a/b/c/d"};
    nested.on("GET", "/api/v4/projects/a%2Fb%2Fc%2Fd", project("a/b/c/d"));
    nested.on("POST", "/api/graphql", graphql(""));
    CHECK(probe(nested)->protocol == "rest+status");

    scripted_remote given{"https://host/git/tools/plum"};
    given.set_api("https://host/git/api/v4");
    given.on("GET", "/git/api/v4/projects/tools%2Fplum", project());
    given.on("POST", "/git/api/graphql", graphql(""));
    CHECK(probe(given)->protocol == "rest+status");
}

TEST_CASE("GitLab probe: a renamed project is this one")
{
    scripted_remote at{"https://git.example.org/tools/plum"};
    at.on("GET", plum, project("fruit/prune"));
    at.on("POST", "/api/graphql", graphql(""));
    REQUIRE(probe(at));
    CHECK(at.asked().back().body.find(R"("p":"fruit/prune")") != std::string::npos);
}

TEST_CASE("GitLab probe: other trackers and other answers")
{
    struct other {
        result<adapters::reply> what;
        error_kind kind;
    };
    std::vector<other> const others{
        {answer(404, "text/html", "<html>"), error_kind::unsupported},
        // Gitea's, GitHub's and Roundup's ways to know no such address, and Redmine's empty body.
        {json(R"({"errors":null,"message":"not found","url":"https://host/api/swagger"})", 404),
         error_kind::unsupported},
        {json(R"({"message":"Not Found","documentation_url":"https://docs"})", 404), error_kind::unsupported},
        {json(R"({"error":{"status":404,"msg":"No such class"}})", 404), error_kind::unsupported},
        {json("", 404), error_kind::unsupported},
        {json(R"({"id":15,"full_name":"tools/plum"})"), error_kind::unsupported},
        {json("[]"), error_kind::unsupported},
        {json(R"({"data":{"project":null}})"), error_kind::unsupported},
        {answer(200, "text/html", "<title>Welcome</title>"), error_kind::unsupported},
        {answer(200, "text/html", "<title>Sign in</title>"), error_kind::unsupported},
        {project("tools/plum", false), error_kind::unsupported},
        {test::no_project(), error_kind::auth_failed},
        {json(R"({"message":"401 Unauthorized"})", 401), error_kind::auth_failed},
        {json(R"({"message":"403 Forbidden"})", 403), error_kind::auth_failed},
        {answer(200, "text/html", "<title>Making sure you're not a bot!</title>"), error_kind::bot_wall},
        {answer(503, "text/html", "<title>Deploy in progress</title>"), error_kind::maintenance},
        {answer(502, "text/html", "<title>502</title>"), error_kind::protocol_error},
        {error{.kind = error_kind::connect_failed}, error_kind::connect_failed}};
    for (auto const& o : others) {
        scripted_remote at{"https://git.example.org/tools/plum"};
        at.next(o.what);
        auto const can = probe(at);
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == o.kind);
        CHECK(at.asked().size() == 1);
    }
    for (auto const* const base : {"https://host/", "https://host/plum", "https://host/a%20b/c"}) {
        scripted_remote nameless{base};
        CHECK(probe(nameless).error().kind == error_kind::unsupported);
        CHECK(nameless.asked().empty());
    }
}
