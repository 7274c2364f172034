#include "adapters/launchpad.hpp"
#include "tests/adapters/launchpad_entries.hpp"
#include "tests/support/found.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace checkwatches;
using test::bug_json;
using test::ended;
using test::json;
using test::page_json;
using test::seen;
using test::task_json;

namespace {

constexpr utc_time since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{10};
constexpr std::string_view changes =
    "/devel/plum?ws.op=searchTasks&order_by=id&omit_duplicates=false&omit_targeted=false&ws.size=300"
    "&modified_since=";

adapters::reply same()
{
    return {.status = 304};
}

struct tracker {
    test::scripted_remote at{"https://launchpad.net"};
    capabilities can{.protocol = "rest", .batch = 100};
    std::unique_ptr<adapters::adapter const> launchpad = adapters::make_launchpad();

    adapters::findings look(std::vector<std::string> const& ids)
    {
        return test::run(launchpad->look(at, can, ids));
    }
    adapters::findings look_changed(std::vector<std::string> const& ids)
    {
        return test::run(launchpad->look_changed(at, can, ids, since));
    }
    void on_changes(result<adapters::reply> what)
    {
        at.on("GET", std::string{changes} + "*", std::move(what));
    }
    void on_task(std::string const& id, adapters::reply what)
    {
        at.on("GET", "/devel/" + id, std::move(what));
    }
    void on_bug(std::string const& id, adapters::reply what)
    {
        at.on("GET", "/devel/bugs/" + id, std::move(what));
    }
    void on_single(std::string const& number)
    {
        auto const id = "plum/+bug/" + number;
        on_task(id, json(task_json(id, "New", "Low")));
        on_bug(number, json(bug_json(number)));
    }
};

std::vector<std::string> const three{"plum/+bug/1", "plum/+bug/2", "plum/+bug/3"};

} // namespace

TEST_CASE("Launchpad changed: one search tells which tasks of a target to read")
{
    tracker t;
    t.on_changes(json(
        page_json({task_json("plum/+bug/2", "New", "Low"), task_json("plum/+bug/70", "New", "Low")}, 2)));
    t.on_single("2");
    auto const got = t.look_changed(three);
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, three[0]) == outcome::unmodified);
    CHECK(seen(got, three[1]).words.status == "New");
    CHECK(ended(got, three[2]) == outcome::unmodified);
    CHECK(t.at.asked().size() == 3);
    // The search means later than this: five minutes for that and for replicas.
    CHECK(t.at.asked()[0].url.parameter("modified_since") == "2026-11-20T09:55:00Z");
    CHECK(t.at.asked()[0].url.query.find("status=Fix%20Released") != std::string::npos);
}

TEST_CASE("Launchpad changed: every page is read before anything is unmodified")
{
    tracker t;
    std::string const link = "https://api.launchpad.net/devel/plum?memo=1&ws.start=1";
    t.on_changes(json(page_json({task_json("plum/+bug/70", "New", "Low")}, 2, 0, link)));
    t.at.on(
        "GET",
        "/devel/plum?memo=1&ws.start=1",
        json(page_json({task_json("plum/+bug/3", "New", "Low")}, 2, 1)));
    t.on_single("3");
    auto const got = t.look_changed(three);
    CHECK(ended(got, three[0]) == outcome::unmodified);
    CHECK(ended(got, three[2]) == outcome::seen);

    tracker cut;
    cut.on_changes(json(page_json({task_json("plum/+bug/70", "New", "Low")}, 2, 0, link)));
    cut.at.on("GET", "/devel/plum?memo=1&ws.start=1", error{.kind = error_kind::timeout});
    for (auto const* const n : {"1", "2", "3"})
        cut.on_single(n);
    auto const lost = cut.look_changed(three);
    REQUIRE(lost.trouble);
    CHECK(lost.found.empty());
}

TEST_CASE("Launchpad changed: a search that is refused, too long or unreadable leaves all to be read")
{
    std::string const link = "https://api.launchpad.net/devel/plum?memo=1&ws.start=1";
    std::vector<std::string> const strangers(2, task_json("plum/+bug/70", "New", "Low"));
    auto const answers = {
        test::no_such_object(),
        json(page_json(strangers, 500, 0, link)),
        json(page_json({R"({"status":"New","importance":"Low","self_link":"?"})"}, 1)),
        json(R"({"start":0})")};
    for (auto const& answer : answers) {
        tracker t;
        t.on_changes(answer);
        for (auto const* const n : {"1", "2", "3"})
            t.on_single(n);
        auto const got = t.look_changed(three);
        CHECK_FALSE(got.trouble);
        for (auto const& id : three)
            CHECK(ended(got, id) == outcome::seen);
    }
}

TEST_CASE("Launchpad changed: trouble of the service is trouble; bugs by number are read")
{
    tracker down;
    down.on_changes(test::answer(503, "text/html", "<title>Down for maintenance</title>"));
    CHECK(down.look_changed(three).trouble->kind == error_kind::maintenance);
    CHECK(down.at.asked().size() == 1);

    tracker t;
    t.at.on("GET", "/devel/bugs/7/bug_tasks", json(page_json({task_json("plum/+bug/7", "New", "Low")}, 1)));
    t.on_bug("7", json(bug_json("7")));
    CHECK(ended(t.look_changed({"7"}), "7") == outcome::seen);
    for (auto const& rq : t.at.asked())
        CHECK_FALSE(rq.conditional);
}

TEST_CASE("Launchpad: task and bug are asked conditionally, and unmodified only together")
{
    auto const& id = three[0];
    tracker both;
    both.on_task(id, same());
    both.on_bug("1", same());
    CHECK(ended(both.look({id}), id) == outcome::unmodified);
    CHECK(both.at.asked().size() == 2);

    std::set<std::string> asked;
    for (auto const& rq : both.at.asked()) {
        CHECK(rq.conditional);
        asked.insert(rq.url.text());
    }
    for (auto const& q : both.launchpad->conditional_questions(both.at, both.can, three))
        if (q.ids == std::vector{id})
            CHECK(asked.erase(q.url) == 1);
    CHECK(asked.empty());

    tracker task_changed;
    task_changed.on_task(id, json(task_json(id, "Fix Released", "Low")));
    task_changed.on_bug("1", same());
    task_changed.on_bug("1", json(bug_json("1")));
    CHECK(seen(task_changed.look({id}), id).words.status == "Fix Released");
    CHECK_FALSE(task_changed.at.asked().back().conditional);

    tracker bug_changed;
    bug_changed.on_task(id, same());
    bug_changed.on_task(id, json(task_json(id, "New", "Low")));
    bug_changed.on_bug("1", json(bug_json("1", "9")));
    auto const got = seen(bug_changed.look({id}), id);
    CHECK(got.words.status == "New");
    CHECK(got.duplicate_of == "9");
    CHECK_FALSE(bug_changed.at.asked().back().conditional);
}

TEST_CASE("Launchpad: two tasks of one bug share its entry, changed or not")
{
    std::string const upstream = "plum/+bug/1";
    std::string const package = "ubuntu/+source/plum/+bug/1";
    tracker t;
    t.on_task(upstream, same());
    t.on_bug("1", same());
    t.on_bug("1", json(bug_json("1")));
    t.on_task(package, json(task_json(package, "Invalid", "Low")));
    auto const got = t.look({upstream, package});
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, upstream) == outcome::unmodified);
    CHECK(seen(got, package).words.status == "Invalid");
    CHECK(t.at.asked().size() == 4);

    auto const questions = t.launchpad->conditional_questions(t.at, t.can, std::vector{upstream, package});
    REQUIRE(questions.size() == 3);
    CHECK(questions[2].ids == std::vector{upstream, package});
}
