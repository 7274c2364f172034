#include "adapters/redmine.hpp"
#include "tests/adapters/redmine_answers.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::redmine_issue;
using test::redmine_json;
using test::redmine_list;
using test::redmine_refusal;

namespace {

struct site {
    test::scripted_remote at{"https://plums.example.org/"};

    void on(std::string target, result<adapters::reply> what)
    {
        at.on("GET", std::move(target), std::move(what));
    }
    result<capabilities> probe() { return test::run(adapters::make_redmine()->probe(at)); }
};

adapters::reply nginx(unsigned status)
{
    return answer(status, "text/html", "<html><head><title>Plums</title></head><body>nginx</body></html>");
}

} // namespace

TEST_CASE("Redmine probe: lists of ids and of changes")
{
    site s;
    s.on("/issues.json?issue_id=2147483647&*", redmine_list({}, 0));
    s.on("/issues.json?status_id=*&limit=1&*", redmine_list({}, 0, 1));
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->protocol == "rest");
    CHECK(can->batch == 100);
    CHECK(can->changed_since);
    CHECK(can->page == 0);
    CHECK(can->importance);
    CHECK(can->comments);
    CHECK(can->login.empty());
    CHECK(can->identity.empty());
}

TEST_CASE("Redmine probe: a server that ignores what it is asked is found out")
{
    site old;
    old.on("/issues.json?*", redmine_list({redmine_issue(900, "New", false, "Low")}, 900, 1));
    auto const can = old.probe();
    REQUIRE(can);
    CHECK(can->protocol == "single");
    CHECK_FALSE(can->changed_since);
    CHECK(can->each == 1);

    site half;
    half.on("/issues.json?issue_id=2147483647&*", redmine_list({}, 0, 50));
    half.on(
        "/issues.json?status_id=*&limit=1&*", redmine_list({redmine_issue(9, "New", false, "Low")}, 9, 1));
    auto const some = half.probe();
    REQUIRE(some);
    CHECK(some->protocol == "rest");
    CHECK(some->batch == 50);
    CHECK_FALSE(some->changed_since);
}

TEST_CASE("Redmine probe: a key is proved, since a wrong one is silently nobody")
{
    site s;
    s.at.set_credential(false);
    s.on("/users/current.json", redmine_json(R"({"user":{"id":4,"login":"watcher","api_key":"k"}})"));
    s.on("/issues.json?*", redmine_list({}, 0));
    auto const can = s.probe();
    REQUIRE(can);
    CHECK(can->login == "key");
    CHECK(can->identity == "watcher");

    site wrong;
    wrong.at.set_credential(false);
    wrong.on("/users/current.json", redmine_refusal(401));
    wrong.on("/", test::redmine_start_page());
    CHECK(wrong.probe().error().kind == error_kind::auth_failed);

    site basic;
    basic.at.set_credential(true);
    basic.on("/users/current.json", redmine_refusal(401, true));
    CHECK(basic.probe().error().kind == error_kind::auth_failed);
    REQUIRE(basic.at.asked()[0].login);
    CHECK(basic.at.asked()[0].login->place == adapters::login_place::where::basic);
}

TEST_CASE("Redmine probe: a REST API that is switched off is told as such")
{
    struct sample {
        adapters::reply api;
        error_kind kind;
    };
    for (auto const& s : std::vector<sample>{
             {redmine_refusal(403), error_kind::auth_failed},
             {redmine_refusal(401, true), error_kind::auth_failed},
             {redmine_refusal(401), error_kind::auth_failed},
             {redmine_refusal(404), error_kind::protocol_error}}) {
        site off;
        off.on("/issues.json?*", s.api);
        off.on("/", test::redmine_start_page());
        auto const can = off.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == s.kind);
    }
}

TEST_CASE("Redmine probe: what is no Redmine is unsupported, and what cannot be told is told as such")
{
    struct sample {
        result<adapters::reply> api;
        error_kind kind;
    };
    for (auto const& s : std::vector<sample>{
             {nginx(404), error_kind::unsupported},
             {nginx(403), error_kind::unsupported},
             {nginx(200), error_kind::unsupported},
             {answer(200, "application/json", R"([{"id":1,"number":1,"state":"open"}])"),
              error_kind::unsupported},
             {answer(200, "application/json", R"({"data":{"type":"issues"},"issues":[]})"),
              error_kind::unsupported},
             {answer(401, "application/json", R"({"error":"You need to sign in"})"), error_kind::auth_failed},
             {nginx(502), error_kind::protocol_error},
             {nginx(503), error_kind::maintenance},
             {answer(200, "text/html", "<title>Just a moment...</title>"), error_kind::bot_wall},
             {error{.kind = error_kind::connect_failed}, error_kind::connect_failed}}) {
        site other;
        other.on("/issues.json?*", s.api);
        other.on("/", nginx(200));
        auto const can = other.probe();
        REQUIRE_FALSE(can);
        CHECK(can.error().kind == s.kind);
    }
}
