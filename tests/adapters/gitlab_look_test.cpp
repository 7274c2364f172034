#include "adapters/gitlab.hpp"
#include "tests/adapters/gitlab_pages.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::graphql;
using test::issue_list;
using test::json;
using test::seen;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

struct tracker {
    test::scripted_remote at{"https://git.example.org/tools/plum"};
    capabilities can{.protocol = "rest", .batch = 100};
    std::unique_ptr<adapters::adapter const> gitlab = adapters::make_gitlab();

    explicit tracker(std::string protocol = "rest") { can.protocol = std::move(protocol); }

    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(gitlab->look(at, can, ids));
    }
    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        return test::run(gitlab->look_changed(at, can, ids, since));
    }
    void on_list(result<adapters::reply> what)
    {
        at.on("GET", std::string{test::list_of_plum} + "*", std::move(what));
    }
    void on_single(std::string const& id, result<adapters::reply> what)
    {
        at.on("GET", "/api/v4/projects/tools%2Fplum/issues/" + id, std::move(what));
    }
    void on_graphql(result<adapters::reply> what) { at.on("POST", "/api/graphql", std::move(what)); }
};

std::string detail(adapters::findings const& in, std::string_view id)
{
    return std::get<adapters::absence>(test::find(in, id)->what).detail;
}

} // namespace

TEST_CASE("GitLab: one request for all, and what it tells of each")
{
    tracker t;
    t.on_list(issue_list(
        {{.id = "12", .labels = R"("bug","priority::1")", .severity = "HIGH"},
         {.id = "3", .state = "closed", .twin = "https://git.example.org/api/v4/projects/15/issues/12"},
         {.id = "4", .state = "closed", .twin = "https://git.example.org/api/v4/projects/16/issues/12"}}));
    auto const got = t.look({"12", "3", "4", "abc"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "12");
    CHECK(
        one.words
        == raw_words{.status = "opened", .severity = "HIGH", .type = "issue", .labels{"bug", "priority::1"}});
    CHECK(one.title == "plum 12");
    CHECK(one.duplicate_of.empty());
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-05-06T07:08:09Z");
    CHECK(seen(got, "3").duplicate_of == "12");
    CHECK(seen(got, "3").words.resolution == "duplicate");
    CHECK(seen(got, "4").duplicate_of == "https://git.example.org/api/v4/projects/16/issues/12");
    CHECK(ended(got, "abc") == outcome::invalid_id);
    CHECK(
        t.at.lines()
        == std::vector<std::string>{
            "GET /api/v4/projects/tools%2Fplum/issues?iids%5B%5D=12&iids%5B%5D=3&iids%5B%5D=4&state=all"
            "&scope=all&per_page=100"});
    CHECK(t.at.asked()[0].conditional);
    CHECK_FALSE(t.at.asked()[0].login);
}

TEST_CASE("GitLab: what the list leaves out is asked singly")
{
    tracker t;
    t.on_list(issue_list({{.id = "1"}}));
    t.on_single("2", test::not_found());
    t.on_single("3", json(R"({"message":"403 Forbidden"})", 403));
    t.on_single("4", json(R"({"message":"410 Gone"})", 410));
    t.on_single("5", json(test::issue_json({.id = "5", .state = "closed"})));
    t.on_single("6", json("[1]"));
    t.on_single("7", answer(500, "text/html", "<title>500</title>"));
    t.on_single("8", json(test::issue_json({.id = "9"})));
    t.on_single("9", json(R"({"message":"401 Unauthorized"})", 401));
    t.on_single("10", json(R"({"iid":10})"));
    auto const got = t.look({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_found);
    CHECK(ended(got, "3") == outcome::forbidden);
    CHECK(ended(got, "4") == outcome::gone);
    CHECK(ended(got, "5") == outcome::seen);
    CHECK(ended(got, "6") == outcome::unparsable);
    CHECK(ended(got, "7") == outcome::not_answered);
    CHECK(ended(got, "8") == outcome::unparsable);
    CHECK(ended(got, "9") == outcome::forbidden);
    CHECK(ended(got, "10") == outcome::unparsable);
    CHECK(detail(got, "2").find("404 Not found") != std::string::npos);
}

TEST_CASE("GitLab: a way to ask that fails says nothing of the bugs")
{
    struct row {
        result<adapters::reply> list;
        error_kind kind;
    };
    std::vector<row> const rows{
        {test::no_project(), error_kind::protocol_error},
        {json(R"({"message":"401 Unauthorized"})", 401), error_kind::auth_failed},
        {json(R"({"message":"403 Forbidden"})", 403), error_kind::auth_failed},
        {json(R"({"error":"iids is invalid"})", 400), error_kind::protocol_error},
        {json(R"({"message":"none of yours"})"), error_kind::protocol_error},
        {json("[{"), error_kind::protocol_error},
        {answer(200, "text/html", "<title>Making sure you're not a bot!</title>"), error_kind::bot_wall},
        {answer(200, "text/html", "<title>Sign in · GitLab</title>"), error_kind::auth_failed},
        {answer(429, "text/plain", "Retry later\n"), error_kind::rate_limited},
        {answer(502, "text/html", "<title>GitLab is not responding</title>"), error_kind::protocol_error},
        {answer(503, "text/html", "<title>Deploy in progress</title>"), error_kind::maintenance},
        {error{.kind = error_kind::timeout}, error_kind::timeout},
        // A server that ignores the filter.
        {issue_list({{.id = "70"}, {.id = "71"}}), error_kind::protocol_error}};
    for (auto const& r : rows) {
        tracker t;
        t.on_list(r.list);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(got.found.empty());
    }
    tracker lost;
    lost.on_list(issue_list({{.id = "1"}}));
    lost.on_single("2", test::no_project());
    lost.on_single("3", answer(404, "text/html", "<title>nginx</title>"));
    for (auto const* const id : {"2", "3"}) {
        auto const got = lost.look({"1", id});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::protocol_error);
        CHECK(ended(got, "1") == outcome::seen);
        CHECK_FALSE(ended(got, id));
    }
}

TEST_CASE("GitLab: strangers are dropped, and an issue without a state is unparsable")
{
    tracker t;
    t.on_list(
        issue_list({{.id = "1"}, {.id = "70"}, {.id = "1", .state = "closed"}, {.id = "2", .state = ""}}));
    auto const got = t.look({"1", "2"});
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 2);
    CHECK(seen(got, "1").words.status == "opened");
    CHECK(ended(got, "2") == outcome::unparsable);
}

TEST_CASE("GitLab: anonymously GraphQL tells of closed ones what they duplicate and where they moved")
{
    tracker t{"rest+graphql"};
    t.on_list(issue_list(
        {{.id = "1"},
         {.id = "2", .state = "closed"},
         {.id = "3", .state = "closed"},
         {.id = "4", .state = "closed", .moved = "4711"},
         {.id = "5", .state = "closed"},
         {.id = "6", .state = "closed", .moved = "4712"}}));
    t.on_graphql(graphql(
        R"({"iid":"2","closedAsDuplicateOf":null,"movedTo":null},)"
        R"({"iid":"3","closedAsDuplicateOf":{"webUrl":"https://git.example.org/tools/plum/-/issues/1"},"movedTo":null},)"
        R"({"iid":"4","closedAsDuplicateOf":null,"movedTo":{"webUrl":"https://git.example.org/tools/pear/-/issues/8"}},)"
        R"({"iid":"5","closedAsDuplicateOf":{"webUrl":"https://git.example.org/tools/pear/-/issues/9"},"movedTo":null},)"
        R"({"iid":"6","closedAsDuplicateOf":null,"movedTo":null})"));
    auto const got = t.look({"1", "2", "3", "4", "5", "6"});
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, "2").words.resolution.empty());
    CHECK(seen(got, "3").duplicate_of == "1");
    CHECK(seen(got, "3").words.resolution == "duplicate");
    CHECK(ended(got, "4") == outcome::moved);
    CHECK(detail(got, "4") == "https://git.example.org/tools/pear/-/issues/8");
    CHECK(seen(got, "5").duplicate_of == "https://git.example.org/tools/pear/-/issues/9");
    CHECK(ended(got, "6") == outcome::moved);
    CHECK_FALSE(parse_url(detail(got, "6")));

    REQUIRE(t.at.asked().size() == 2);
    auto const& rq = t.at.asked()[1];
    CHECK(rq.url.text() == "https://git.example.org/api/graphql");
    CHECK(rq.body.ends_with(R"("variables":{"p":"tools/plum","i":["2","3","4","5","6"]}})"));
    CHECK_FALSE(rq.login);
}

TEST_CASE("GitLab: a credential goes with every request, and GraphQL is asked where something moved only")
{
    tracker t{"rest+graphql"};
    t.can.login = "token";
    std::string const twin = "https://git.example.org/api/v4/projects/15/issues/1";
    t.on_list(issue_list({{.id = "1", .state = "closed"}, {.id = "2", .state = "closed", .twin = twin}}));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "2").duplicate_of == "1");
    REQUIRE(t.at.asked().size() == 1);
    REQUIRE(t.at.asked()[0].login);
    CHECK(t.at.asked()[0].login->name == "PRIVATE-TOKEN");

    tracker away{"rest+graphql"};
    away.can.login = "token";
    away.on_list(issue_list({{.id = "3", .state = "closed", .moved = "4711"}}));
    away.on_graphql(
        graphql(R"({"iid":"3","movedTo":{"webUrl":"https://git.example.org/tools/pear/-/issues/8"}})"));
    CHECK(ended(away.look({"3"}), "3") == outcome::moved);
    REQUIRE(away.at.asked().back().login);
    CHECK(away.at.asked().back().login->prefix == "Bearer ");
}

TEST_CASE("GitLab: where GraphQL does not answer, what it was asked about is lost and the rest is seen")
{
    struct row {
        result<adapters::reply> what;
        error_kind kind;
    };
    std::vector<row> const rows{
        {test::graphql_error("Query has complexity of 261, which exceeds max complexity of 250"),
         error_kind::protocol_error},
        {json(R"({"data":{"project":null}})"), error_kind::protocol_error},
        {json("[]"), error_kind::protocol_error},
        {json(R"({"errors":[{"message":"Invalid token"}]})", 401), error_kind::auth_failed},
        {answer(503, "text/html", "<title>Deploy</title>"), error_kind::maintenance},
        {error{.kind = error_kind::timeout}, error_kind::timeout}};
    for (auto const& r : rows) {
        tracker t{"rest+graphql"};
        t.on_list(issue_list({{.id = "1"}, {.id = "2", .state = "closed"}}));
        t.on_graphql(r.what);
        auto const got = t.look({"1", "2"});
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == r.kind);
        CHECK(ended(got, "1") == outcome::seen);
        CHECK_FALSE(ended(got, "2"));
    }
    // Nor is a closed issue believed where a single request ended the look.
    tracker t{"rest+graphql"};
    t.on_list(issue_list({{.id = "2", .state = "closed"}}));
    t.on_single("3", error{.kind = error_kind::timeout});
    CHECK(t.look({"2", "3"}).found.empty());
}

TEST_CASE("GitLab: the status of work items is asked for all, and says why one was closed")
{
    tracker t{"rest+status"};
    t.on_list(issue_list({{.id = "1"}, {.id = "2", .state = "closed"}}));
    t.on_graphql(graphql(
        R"({"iid":"1","closedAsDuplicateOf":null,"movedTo":null},{"iid":"2"})",
        R"({"iid":"1","widgets":[{},{"status":{"name":"In progress"}}]},)"
        R"({"iid":"2","widgets":[{"status":{"name":"Won't do"}},{}]})"));
    auto const got = t.look({"1", "2"});
    CHECK(seen(got, "1").words.resolution == "In progress");
    CHECK(t.gitlab->interpret(seen(got, "1").words).state == status::in_progress);
    CHECK(t.gitlab->interpret(seen(got, "2").words).state == status::wont_fix);
    CHECK(t.at.asked()[1].body.find("WorkItemWidgetStatus") != std::string::npos);
}

TEST_CASE("GitLab: a renamed project is named to GraphQL as it is called now")
{
    tracker t{"rest+graphql"};
    t.on_list(issue_list(
        {{.id = "1", .state = "closed", .page = "https://git.example.org/fruit/dry/prune/-/issues/"}}));
    t.on_graphql(graphql(
        R"({"iid":"1","closedAsDuplicateOf":{"webUrl":"https://git.example.org/fruit/dry/prune/-/issues/7"}})"));
    CHECK(seen(t.look({"1"}), "1").duplicate_of == "7");
    CHECK(t.at.asked()[1].body.find(R"("p":"fruit/dry/prune")") != std::string::npos);
}

TEST_CASE("GitLab: an installation below a path, and an API elsewhere")
{
    test::scripted_remote below{"https://host/git/tools/plum"};
    below.next(issue_list({{.id = "1"}}));
    auto const gitlab = adapters::make_gitlab();
    capabilities can{.protocol = "rest /git", .batch = 100};
    std::vector<std::string> const ids{"1"};
    CHECK(ended(test::run(gitlab->look(below, can, ids)), "1") == outcome::seen);
    CHECK(below.lines()[0].starts_with("GET /git/api/v4/projects/tools%2Fplum/issues?"));

    test::scripted_remote elsewhere{"https://host/tools/plum/-/issues"};
    elsewhere.set_api("https://api.example.org/v4-proxy/api/v4/");
    elsewhere.next(issue_list({{.id = "1", .state = "closed"}}));
    elsewhere.next(graphql(R"({"iid":"1"})"));
    can.protocol = "rest+graphql";
    CHECK(ended(test::run(gitlab->look(elsewhere, can, ids)), "1") == outcome::seen);
    CHECK(elsewhere.asked()[0].url.text().starts_with(
        "https://api.example.org/v4-proxy/api/v4/projects/tools%2Fplum/issues?"));
    CHECK(elsewhere.asked()[1].url.text() == "https://api.example.org/v4-proxy/api/graphql");
}

TEST_CASE("GitLab changed: what an obeyed list leaves out is unmodified")
{
    tracker t;
    t.on_list(issue_list({{.id = "2"}}));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::unmodified);
    REQUIRE(t.at.asked().size() == 1);
    CHECK(t.at.asked()[0].url.parameter("updated_after") == "2026-11-20T09:59:00Z");
    CHECK_FALSE(t.at.asked()[0].conditional);
}

TEST_CASE("GitLab changed: a list with strangers, more pages or unreadable rows proves nothing")
{
    auto more = issue_list({{.id = "2"}});
    more.headers.emplace_back("X-Next-Page", "2");
    auto linked = issue_list({{.id = "2"}});
    linked.headers.emplace_back("Link", R"(<https://git.example.org/x>; rel="next")");
    for (auto const& list :
         {issue_list({{.id = "2"}, {.id = "70"}}),
          more,
          linked,
          json("[" + test::issue_json({.id = "2"}) + ",{}]")}) {
        tracker t;
        t.on_list(list);
        t.on_single("1", json(test::issue_json({.id = "1", .state = "closed"})));
        auto const got = t.look_changed({"1", "2"});
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(ended(got, "2") == outcome::seen);
    }
    tracker down;
    down.on_list(answer(502, "text/html", "<title>502</title>"));
    CHECK(down.look_changed({"1"}).found.empty());
}

TEST_CASE("GitLab: the list is asked conditionally, and its address does not depend on the order")
{
    tracker t;
    t.on_list(adapters::reply{.status = 304});
    auto const got = t.look({"2", "1", "abc"});
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::unmodified);
    CHECK(ended(got, "abc") == outcome::invalid_id);
    std::vector<std::string> const ids{"1", "2", "abc"};
    auto const questions = t.gitlab->conditional_questions(t.at, t.can, ids);
    REQUIRE(questions.size() == 1);
    CHECK(questions[0].url == t.at.asked()[0].url.text());
    CHECK(questions[0].ids == std::vector<std::string>{"1", "2"});
    std::vector<std::string> const malformed{"abc"};
    CHECK(t.gitlab->conditional_questions(t.at, t.can, malformed).empty());
    CHECK(t.look({"abc"}).found.size() == 1);
    CHECK(t.at.asked().size() == 1);
}

TEST_CASE("GitLab: an issue of which GraphQL tells nothing is not read by half")
{
    tracker t{"rest+graphql"};
    t.on_list(issue_list(
        {{.id = "1"}, {.id = "2", .state = "closed"}, {.id = "3", .state = "closed", .moved = "4711"}}));
    t.on_graphql(graphql(""));
    auto const got = t.look({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "2") == outcome::not_answered);
    CHECK(ended(got, "3") == outcome::not_answered);

    tracker items{"rest+status"};
    items.on_list(issue_list({{.id = "1"}, {.id = "2"}}));
    items.on_graphql(graphql(R"({"iid":"1"},{"iid":"2"})", R"({"iid":"2","widgets":[]})"));
    auto const some = items.look({"1", "2"});
    CHECK(ended(some, "1") == outcome::not_answered);
    CHECK(ended(some, "2") == outcome::seen);
}
