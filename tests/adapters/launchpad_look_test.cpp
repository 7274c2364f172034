#include "adapters/launchpad.hpp"
#include "tests/adapters/launchpad_entries.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using test::answer;
using test::bug_json;
using test::ended;
using test::json;
using test::page_json;
using test::seen;
using test::task_json;

namespace {

using lines = std::vector<std::string>;

struct tracker {
    test::scripted_remote at{"https://launchpad.net"};
    capabilities can{.protocol = "rest", .batch = 100};

    adapters::findings look(std::vector<std::string> const& ids)
    {
        auto const launchpad = adapters::make_launchpad();
        return test::run(launchpad->look(at, can, ids));
    }
    void on(std::string const& path, result<adapters::reply> what)
    {
        at.on("GET", "/devel/" + path, std::move(what));
    }
};

std::string const plum = "ubuntu/+source/plum/+bug/7001";

} // namespace

TEST_CASE("Launchpad: a task, and its bug for title, duplicate and time")
{
    tracker t;
    t.on(plum, json(task_json(plum, "Fix Committed", "High")));
    t.on("bugs/7001", json(bug_json("7001")));
    auto const got = t.look({plum});

    CHECK_FALSE(got.trouble);
    auto const one = seen(got, plum);
    CHECK(one.words == raw_words{.status = "Fix Committed", .priority = "High"});
    CHECK(one.title == "plum 7001");
    CHECK(one.duplicate_of.empty());
    REQUIRE(one.modified);
    CHECK(format_time(*one.modified) == "2026-05-06T07:08:09Z");
    CHECK(t.at.lines() == lines{"GET /devel/" + plum, "GET /devel/bugs/7001"});
    CHECK(t.at.asked()[0].url.origin() == "https://api.launchpad.net");
}

TEST_CASE("Launchpad: the task that the address names decides, also for two of one bug")
{
    tracker t;
    std::string const project = "plum/+bug/7001";
    t.on(plum, json(task_json(plum, "New", "Low")));
    t.on(project, json(task_json(project, "Fix Released", "Critical")));
    t.on("bugs/7001", json(bug_json("7001")));
    auto const got = t.look({plum, project});
    CHECK(seen(got, plum).words.status == "New");
    CHECK(seen(got, project).words.status == "Fix Released");
    CHECK(t.at.count("/devel/bugs/7001") == 1);
}

TEST_CASE("Launchpad: a bare bug is told by its upstream task")
{
    tracker t;
    t.on(
        "bugs/7001/bug_tasks",
        json(page_json(
            {task_json(plum, "Fix Released", "Low"), task_json("plum/+bug/7001", "Triaged", "High")}, 2)));
    t.on("bugs/7001", json(bug_json("7001")));
    CHECK(seen(t.look({"7001"}), "7001").words.status == "Triaged");
}

TEST_CASE("Launchpad: a duplicate names its bug")
{
    tracker t;
    t.on(plum, json(task_json(plum, "Confirmed", "Undecided")));
    t.on("bugs/7001", json(bug_json("7001", "6000")));
    auto const one = seen(t.look({plum}), plum);
    CHECK(one.duplicate_of == "6000");
    CHECK(one.words.status == "Confirmed");
}

TEST_CASE("Launchpad: 404 is not found, and says what Launchpad does not tell")
{
    tracker t;
    t.on(plum, test::no_such_object());
    t.on("bugs/99999/bug_tasks", test::no_such_object());
    auto const got = t.look({plum, "99999"});
    CHECK_FALSE(got.trouble);
    for (auto const& id : {plum, std::string{"99999"}}) {
        CHECK(ended(got, id) == outcome::not_found);
        CHECK(
            std::get<adapters::absence>(test::find(got, id)->what).detail.find("private")
            != std::string::npos);
    }
}

TEST_CASE("Launchpad: another task in its place is a move, not a sighting")
{
    tracker t;
    std::string const old = "ubuntu/+bug/7001";
    t.on(old, json(task_json(plum, "Fix Released", "High")));
    auto const got = t.look({old});
    CHECK(ended(got, old) == outcome::moved);
    CHECK(
        std::get<adapters::absence>(test::find(got, old)->what).detail
        == "https://bugs.launchpad.net/" + plum);
}

TEST_CASE("Launchpad: malformed ids cost no request")
{
    tracker t;
    auto const got = t.look({"plum/+bug/12x", "evolution"});
    CHECK(ended(got, "plum/+bug/12x") == outcome::invalid_id);
    CHECK(ended(got, "evolution") == outcome::invalid_id);
    CHECK(t.at.asked().empty());
}

TEST_CASE("Launchpad: a bug whose record cannot be read harms no other")
{
    std::vector<adapters::reply> const broken{
        json("{\"self_link\":"),
        json("[]"),
        json(R"({"self_link":"https://api.launchpad.net/devel/ubuntu/+source/plum/+bug/7001"})")};
    for (auto const& one : broken) {
        tracker t;
        t.on(plum, one);
        t.on("pear/+bug/8", json(task_json("pear/+bug/8", "New", "Low")));
        t.on("bugs/8", json(bug_json("8")));
        auto const got = t.look({plum, "pear/+bug/8"});
        CHECK_FALSE(got.trouble);
        CHECK(ended(got, plum) == outcome::unparsable);
        CHECK(ended(got, "pear/+bug/8") == outcome::seen);
    }
}

TEST_CASE("Launchpad: one bug that crashes it or wants a login harms no other")
{
    tracker t;
    t.on("a/+bug/1", answer(500, "text/html", "<html><title>Oops</title></html>"));
    t.on("b/+bug/2", answer(401, "text/plain", "(<BugTask>, 'status', 'launchpad.View')"));
    t.on("c/+bug/3", test::no_such_object());
    t.on("d/+bug/4", answer(410, "text/plain", "gone"));
    auto const got = t.look({"a/+bug/1", "b/+bug/2", "c/+bug/3", "d/+bug/4"});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, "a/+bug/1") == outcome::not_answered);
    CHECK(ended(got, "b/+bug/2") == outcome::forbidden);
    CHECK(ended(got, "c/+bug/3") == outcome::not_found);
    CHECK(ended(got, "d/+bug/4") == outcome::gone);
}

TEST_CASE("Launchpad: what concerns the tracker is trouble, and ends the look")
{
    struct sample {
        result<adapters::reply> what;
        error_kind kind;
        std::size_t requests;
    };
    auto slow = answer(503, "text/html", "<html>Timeout error</html>");
    slow.headers.emplace_back("Retry-After", "900");
    std::vector<sample> const samples{
        {slow, error_kind::maintenance, 1},
        {answer(401, "text/plain", "Unknown consumer (x)."), error_kind::auth_failed, 3},
        {answer(500, "text/html", "<html>Oops</html>"), error_kind::protocol_error, 3},
        {answer(200, "text/html", "<html><title>Just a moment...</title></html>"), error_kind::bot_wall, 1},
        {answer(200, "text/html", "<html>Welcome</html>"), error_kind::protocol_error, 1},
        {error{.kind = error_kind::connect_failed}, error_kind::connect_failed, 1}};
    for (auto const& s : samples) {
        tracker t;
        t.at.on("GET", "/devel/*", s.what);
        auto const got = t.look({"a/+bug/1", "b/+bug/2", "c/+bug/3", "d/+bug/4"});
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == s.kind);
        CHECK(t.at.asked().size() == s.requests);
        if (s.kind == error_kind::maintenance)
            CHECK(got.trouble->retry_after == std::chrono::seconds{900});
    }
}

TEST_CASE("Launchpad: trouble later keeps what was found before")
{
    tracker t;
    t.on("a/+bug/1", json(task_json("a/+bug/1", "New", "Low")));
    t.on("bugs/1", json(bug_json("1")));
    t.on("b/+bug/2", {error{.kind = error_kind::timeout}});
    auto const got = t.look({"a/+bug/1", "b/+bug/2", "c/+bug/3"});
    CHECK(ended(got, "a/+bug/1") == outcome::seen);
    CHECK_FALSE(ended(got, "b/+bug/2"));
    CHECK_FALSE(ended(got, "c/+bug/3"));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::timeout);
}
