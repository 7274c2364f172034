#include "adapters/redmine.hpp"
#include "tests/adapters/redmine_answers.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::ended;
using test::redmine_issue;
using test::redmine_json;
using test::redmine_list;
using test::redmine_refusal;
using test::seen;
using test::url;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};

struct tracker {
    test::scripted_remote at{"https://plums.example.org/redmine/"};
    capabilities can{.protocol = "rest", .batch = 100};

    void on(std::string target, result<adapters::reply> what)
    {
        at.on("GET", "/redmine/" + std::move(target), std::move(what));
    }
    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const redmine = adapters::make_redmine();
        return test::run(redmine->look(at, can, ids));
    }
    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        auto const redmine = adapters::make_redmine();
        return test::run(redmine->look_changed(at, can, ids, since));
    }
    result<std::vector<comment>> comments(std::string const& id, std::optional<utc_time> from = {})
    {
        auto const redmine = adapters::make_redmine();
        return test::run(redmine->read_comments(at, can, id, from));
    }
};

} // namespace

TEST_CASE("Redmine: an issue's address names tracker and issue")
{
    auto const redmine = adapters::make_redmine();
    struct sample {
        char const* address;
        char const* base;
        char const* id;
    };
    for (auto const& s : std::vector<sample>{
             {"https://plums.example.org/issues/0042", "https://plums.example.org/", "42"},
             {"https://plums.example.org/issues/42/?tab=notes#note-3", "https://plums.example.org/", "42"},
             {"http://127.0.0.1:8084/redmine/issues/7", "http://127.0.0.1:8084/redmine/", "7"},
             {"https://plums.example.org/issues/42x", "https://plums.example.org/", "42x"}}) {
        INFO(s.address);
        auto const ref = redmine->recognise(url(s.address));
        REQUIRE(ref);
        CHECK(ref->base.text() == s.base);
        CHECK(ref->remote_id == s.id);
    }
    for (auto const* const other :
         {"https://plums.example.org/owner/repo/issues/42",
          "https://plums.example.org/projects/plums/issues/42",
          "https://plums.example.org/group/project/-/issues/42",
          "https://plums.example.org/issues/new",
          "https://plums.example.org/issues/42/edit",
          "https://plums.example.org/issues/",
          "https://plums.example.org/issue42",
          "https://github.com/plums/issues/42"})
        CHECK_FALSE(redmine->recognise(url(other)));
    CHECK(
        redmine->bug_url(url("https://plums.example.org/redmine"), "42").text()
        == "https://plums.example.org/redmine/issues/42");
    CHECK(redmine->normalise("#042") == "42");
    CHECK_FALSE(redmine->normalise("forty-two"));
}

TEST_CASE("Redmine: one list for many; what it leaves out is asked alone")
{
    tracker t;
    t.on(
        "issues.json?issue_id=1,13,14,20&status_id=*&include=relations&sort=id&limit=100",
        redmine_list(
            {redmine_issue(1, "In Progress", false, "Urgent"),
             redmine_issue(
                 20,
                 "Resolved",
                 true,
                 "Low",
                 R"(,"custom_fields":[{"id":5,"name":"Resolution","value":"Duplicate"}],"relations":[)"
                 R"({"id":1,"issue_id":30,"issue_to_id":20,"relation_type":"duplicates","delay":null},)"
                 R"({"id":2,"issue_id":20,"issue_to_id":9,"relation_type":"relates","delay":null},)"
                 R"({"id":3,"issue_id":20,"issue_to_id":10,"relation_type":"duplicates","delay":null}])")},
            2));
    t.on("issues/13.json?include=relations", redmine_refusal(401, true));
    t.on("issues/14.json?include=relations", redmine_refusal(404));
    auto const got = t.look({"1", "13", "14", "20", "x1"});
    CHECK_FALSE(got.trouble);
    auto const one = seen(got, "1");
    CHECK(one.words == raw_words{.status = "In Progress", .priority = "Urgent", .type = "Bug"});
    CHECK(one.title == "plums & pears #1");
    CHECK(one.duplicate_of.empty());
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-04-12T08:15:30Z");
    CHECK(seen(got, "20").duplicate_of == "10");
    CHECK(
        seen(got, "20").words
        == raw_words{
            .status = "Resolved",
            .resolution = "Duplicate",
            .priority = "Low",
            .type = "Bug",
            .labels = {"closed"}});
    CHECK(ended(got, "13") == outcome::forbidden);
    CHECK(ended(got, "14") == outcome::not_found);
    CHECK(ended(got, "x1") == outcome::invalid_id);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Redmine: a list that the server cuts short is read on")
{
    tracker t;
    t.on(
        "issues.json?issue_id=1,2,3&status_id=*&include=relations&sort=id&limit=100",
        redmine_list({redmine_issue(1, "New", false, "Low"), redmine_issue(2, "New", false, "Low")}, 3, 2));
    t.on(
        "issues.json?issue_id=1,2,3&status_id=*&include=relations&sort=id&limit=100&offset=2",
        redmine_list({redmine_issue(3, "Closed", true, "Low")}, 3, 2));
    auto const got = t.look({"1", "2", "3"});
    CHECK(seen(got, "3").words.status == "Closed");
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Redmine: strangers show a server that ignores the ids; then each is asked alone")
{
    tracker t;
    t.on("issues.json*", redmine_list({redmine_issue(900, "New", false, "Low")}, 900, 1));
    t.on(
        "issues/1.json?include=relations",
        redmine_json("{\"issue\":" + redmine_issue(1, "New", false, "Low") + "}"));
    auto const got = t.look({"1"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Redmine: a number that no database has is kept out of the list")
{
    tracker t;
    t.on("issues.json?issue_id=1&*", redmine_list({redmine_issue(1, "New", false, "Low")}, 1));
    t.on("issues/99999999999.json?include=relations", redmine_refusal(404));
    auto const got = t.look({"1", "99999999999"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK(ended(got, "99999999999") == outcome::not_found);
}

TEST_CASE("Redmine: what prevents the list is trouble, and makes no issue absent")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
    };
    for (auto const& s : std::vector<sample>{
             {redmine_refusal(403), error_kind::auth_failed},
             {redmine_refusal(401, true), error_kind::auth_failed},
             {redmine_refusal(404), error_kind::protocol_error},
             {answer(422, "application/json", R"({"errors":["Issue is invalid"]})"),
              error_kind::protocol_error},
             {answer(503, "text/html", "<title>We are back soon</title>"), error_kind::maintenance},
             {answer(200, "text/html", "<title>Making sure you're not a bot!</title>"), error_kind::bot_wall},
             {redmine_json("{\"issues\":[{\"id\":1"), error_kind::protocol_error},
             {redmine_json("{\"projects\":[]}"), error_kind::protocol_error},
             {error{.kind = error_kind::timeout}, error_kind::timeout}}) {
        tracker t;
        t.on("issues.json*", s.what);
        auto const got = t.look({"1", "2"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == 1);
    }
}

TEST_CASE("Redmine: a page that is missing is an issue's only where the tracker works")
{
    auto const page = [](unsigned status) { return answer(status, "text/html", "<title>nginx</title>"); };
    for (unsigned const status : {404U, 410U}) {
        tracker away;
        away.can.protocol = "single";
        away.on("issues/*", page(status));
        auto const lost = away.look({"1", "2"});
        CHECK(lost.found.empty());
        REQUIRE(lost.trouble);
        CHECK(lost.trouble->kind == error_kind::protocol_error);

        tracker t;
        t.on("issues.json*", redmine_list({redmine_issue(1, "New", false, "Low")}, 1));
        t.on("issues/13.json?include=relations", page(status));
        auto const got = t.look({"1", "13"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, "13") == (status == 404 ? outcome::not_found : outcome::gone));
    }
}

TEST_CASE("Redmine: a key that is good no more hides nothing")
{
    tracker t;
    t.at.set_credential(false);
    t.can.login = "key";
    t.on("issues.json*", redmine_list({redmine_issue(1, "New", false, "Low")}, 1));
    t.on("issues/13.json?include=relations", redmine_refusal(401));
    auto const got = t.look({"1", "13"});
    CHECK(ended(got, "1") == outcome::seen);
    CHECK_FALSE(ended(got, "13"));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::auth_failed);
    REQUIRE(t.at.asked()[0].login);
    CHECK(t.at.asked()[0].login->name == "X-Redmine-API-Key");
}

TEST_CASE("Redmine: an issue without a status, and one that crashes the server, harm no other")
{
    tracker t;
    t.on(
        "issues.json*",
        redmine_list({R"({"id":1,"subject":"no status"})", redmine_issue(2, "New", false, "Low")}, 2));
    t.on("issues/3.json?include=relations", answer(500, "text/html", "<h1>Internal error</h1>"));
    auto const got = t.look({"1", "2", "3"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "1") == outcome::unparsable);
    CHECK(ended(got, "2") == outcome::seen);
    CHECK(ended(got, "3") == outcome::not_answered);
}

TEST_CASE("Redmine changed: one list brings what changed; the rest is unmodified")
{
    tracker t;
    t.on("issues.json*", redmine_list({redmine_issue(2, "Closed", true, "Low")}, 1));
    auto const got = t.look_changed({"1", "2", "3"});
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(seen(got, "2").words.status == "Closed");
    CHECK(ended(got, "3") == outcome::unmodified);
    REQUIRE(t.at.asked().size() == 1);
    CHECK(t.at.asked()[0].url.parameter("updated_on") == ">=2026-11-20T09:59:00Z");
    CHECK_FALSE(t.at.asked()[0].conditional);
}

TEST_CASE("Redmine changed: an answer to another question leaves nothing unmodified")
{
    for (auto const& first :
         {redmine_list({redmine_issue(900, "New", false, "Low")}, 1),
          redmine_list({redmine_issue(1, "New", false, "Low")}, 2, 1),
          answer(422, "application/json", R"({"errors":["Updated is invalid"]})")}) {
        tracker t;
        t.on("issues.json*", first);
        t.on(
            "issues.json*",
            redmine_list({redmine_issue(1, "New", false, "Low"), redmine_issue(2, "New", false, "Low")}, 2));
        auto const got = t.look_changed({"1", "2"});
        CHECK(ended(got, "1") == outcome::seen);
        CHECK(ended(got, "2") == outcome::seen);
        CHECK(t.at.asked().size() == 2);
    }
}

TEST_CASE("Redmine: a list that is as it was is unmodified, and a large one is not asked so")
{
    tracker t;
    t.on("issues.json*", answer(304, "", ""));
    auto const got = t.look({"1", "2"});
    CHECK(ended(got, "1") == outcome::unmodified);
    CHECK(ended(got, "2") == outcome::unmodified);
    auto const redmine = adapters::make_redmine();
    std::vector<std::string> const ids{"1", "2", "99999999999", "x"};
    auto const asked = redmine->conditional_questions(t.at, t.can, ids);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].url == t.at.asked()[0].url.text());
    CHECK(asked[0].ids == std::vector<std::string>{"1", "2"});
    std::vector<std::string> many;
    for (int i = 1; i <= 51; ++i)
        many.push_back(std::to_string(i));
    CHECK(redmine->conditional_questions(t.at, t.can, many).empty());
    t.can.protocol = "single";
    CHECK(redmine->conditional_questions(t.at, t.can, many).size() == 51);
}

TEST_CASE("Redmine: of many issues that are left out, only some are asked alone")
{
    tracker t;
    t.on("issues.json*", redmine_list({}, 0));
    t.on("issues/*", redmine_refusal(404));
    std::vector<std::string> many;
    for (int i = 1; i <= 70; ++i)
        many.push_back(std::to_string(i));
    auto const got = t.look(many);
    CHECK(got.found.size() == 60);
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::deferred);
}

TEST_CASE("Redmine: the notes of an issue, without private ones and bare changes")
{
    tracker t;
    t.on(
        "issues/7.json?include=journals",
        redmine_json(
            "{\"issue\":"
            + redmine_issue(
                7,
                "New",
                false,
                "Low",
                R"(,"journals":[{"id":101,"user":{"id":2,"name":"Bo"},"notes":"","created_on":"2026-04-02T00:00:00Z"},)"
                R"({"id":102,"user":{"id":2,"name":"Bo"},"notes":"seen *too*","created_on":"2026-04-03T00:00:00Z",)"
                R"("private_notes":false},)"
                R"({"id":103,"user":{"id":2,"name":"Bo"},"notes":"psst","created_on":"2026-04-04T00:00:00Z",)"
                R"("private_notes":true}])")
            + "}"));
    auto const all = t.comments("7");
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK((*all)[0].remote_id == "description");
    CHECK((*all)[0].author == "Ann Orchard");
    CHECK((*all)[0].text == "d 7");
    CHECK((*all)[1].remote_id == "102");
    CHECK((*all)[1].text == "seen *too*");
    auto const late = t.comments("7", *(*all)[1].at);
    REQUIRE(late);
    CHECK(late->size() == 1);

    t.on("issues/8.json?include=journals", redmine_refusal(404));
    CHECK(t.comments("8").error().kind == error_kind::not_found);
    t.on("issues/9.json?include=journals", redmine_refusal(401, true));
    CHECK(t.comments("9").error().kind == error_kind::forbidden);
    CHECK(t.comments("x").error().kind == error_kind::invalid_id);
}

TEST_CASE("Redmine: words")
{
    struct sample {
        raw_words words;
        std::optional<status> state;
        std::optional<importance> weight;
    };
    std::vector<std::string> const closed{"closed"};
    for (auto const& s : std::vector<sample>{
             {{.status = "New", .priority = "Low"}, status::new_, importance::low},
             {{.status = "In Progress", .priority = "Normal"}, status::in_progress, importance::medium},
             {{.status = "Resolved", .priority = "High"}, status::fix_committed, importance::high},
             {{.status = "Resolved", .priority = "Urgent", .labels = closed},
              status::fix_released,
              importance::critical},
             {{.status = "Feedback", .priority = "Immediate"}, status::incomplete, importance::critical},
             {{.status = "Closed", .labels = closed}, status::fix_released, importance::unknown},
             {{.status = "closed"}, status::fix_released, importance::unknown},
             {{.status = "Rejected", .labels = closed}, status::invalid, importance::unknown},
             {{.status = "Closed", .resolution = "Won't fix", .labels = closed},
              status::wont_fix,
              importance::unknown},
             {{.status = "Erledigt", .resolution = "Fixed", .labels = closed},
              status::fix_released,
              importance::unknown},
             {{.status = "New", .resolution = "Fixed"}, status::new_, importance::unknown},
             {{.status = "Closed", .resolution = "Later"}, std::nullopt, importance::unknown},
             {{.status = "Closed", .resolution = "Frobbed", .labels = closed},
              std::nullopt,
              importance::unknown},
             {{.status = "New", .resolution = "Frobbed"}, status::new_, importance::unknown},
             {{.status = "Won't Fix - EOL", .labels = closed}, status::wont_fix, importance::unknown},
             {{.status = "Fix Under Review", .type = "Feature"}, status::in_progress, importance::wishlist},
             {{.status = "New", .labels = closed}, std::nullopt, importance::unknown},
             {{.status = "Cerrada", .priority = "Baja", .labels = closed}, std::nullopt, std::nullopt}}) {
        INFO(s.words.status << " " << s.words.resolution);
        auto const got = adapters::make_redmine()->interpret(s.words);
        CHECK(got.state == s.state);
        CHECK(got.weight == s.weight);
        CHECK(got.unmapped.size() == (s.state ? 0U : 1U) + (s.weight ? 0U : 1U));
    }
}
