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

constexpr std::string_view all = "/devel/plum?ws.op=searchTasks&order_by=id&omit_duplicates=false";
constexpr std::string_view originals = "/devel/plum?ws.op=searchTasks&order_by=id&omit_duplicates=true";

std::string id_of(int number)
{
    return "plum/+bug/" + std::to_string(number);
}

std::vector<std::string> ids(int first, int last)
{
    std::vector<std::string> out;
    for (int i = first; i <= last; ++i)
        out.push_back(id_of(i));
    return out;
}

std::vector<std::string> tasks(std::vector<int> const& numbers)
{
    std::vector<std::string> out;
    for (int const number : numbers)
        out.push_back(task_json(id_of(number), "Fix Released", "Medium"));
    return out;
}

struct tracker {
    test::scripted_remote at{"https://launchpad.net"};
    capabilities can{.protocol = "rest", .batch = 100};

    adapters::findings look(std::vector<std::string> const& wanted)
    {
        auto const launchpad = adapters::make_launchpad();
        return test::run(launchpad->look(at, can, wanted));
    }
    void on_search(std::string_view which, result<adapters::reply> what)
    {
        at.on("GET", std::string{which} + "*", std::move(what));
    }
    void on_single(int number)
    {
        at.on("GET", "/devel/" + id_of(number), json(task_json(id_of(number), "New", "Low")));
        at.on("GET", "/devel/bugs/" + std::to_string(number), json(bug_json(std::to_string(number))));
    }
};

} // namespace

TEST_CASE("Launchpad: four tasks of one target are searched for, three are not")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 3, 4, 70}), 5)));
    t.on_search(originals, json(page_json(tasks({1, 2, 3, 4, 70}), 5)));
    auto const got = t.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 4);
    CHECK(t.at.asked().size() == 2);
    auto const one = seen(got, id_of(1));
    CHECK(one.words == raw_words{.status = "Fix Released", .priority = "Medium"});
    CHECK(one.title == "a \"quoted\" title");
    CHECK(one.duplicate_of.empty());

    tracker few;
    for (int i = 1; i <= 3; ++i)
        few.on_single(i);
    CHECK(few.look(ids(1, 3)).found.size() == 3);
    CHECK(few.at.count(all) == 0);
}

TEST_CASE("Launchpad: a search asks for every status, series tasks and large pages")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 3, 4}), 4)));
    t.on_search(originals, json(page_json(tasks({1, 2, 3, 4}), 4)));
    (void)t.look(ids(1, 4));
    auto const& query = t.at.asked()[0].url.query;
    CHECK(t.at.asked()[0].url.parameter("omit_targeted") == "false");
    CHECK(t.at.asked()[0].url.parameter("ws.size") == "300");
    for (auto const s : all_statuses)
        if (s != status::unknown)
            CHECK(query.find("status=" + percent_encode(title(s))) != std::string::npos);
}

TEST_CASE("Launchpad: the tasks of duplicates are told by the search that leaves them out")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 3, 4}), 4)));
    t.on_search(originals, json(page_json(tasks({1, 2, 4}), 3)));
    t.at.on("GET", "/devel/bugs/3", json(bug_json("3", "1")));
    auto const got = t.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, id_of(3)).duplicate_of == "1");
    for (int const i : {1, 2, 4})
        CHECK(seen(got, id_of(i)).duplicate_of.empty());
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Launchpad: pages are followed along the link that was given, word for word")
{
    tracker t;
    std::string const link =
        "https://api.launchpad.net/devel/plum?ws.op=searchTasks&memo=3&ws.start=3&ws.size=3&direction=odd";
    t.on_search(all, json(page_json(tasks({1, 2, 3}), 5, 0, link)));
    t.at.on(
        "GET",
        "/devel/plum?ws.op=searchTasks&memo=3&ws.start=3&ws.size=3&direction=odd",
        json(page_json(tasks({4, 5}), 5, 3)));
    t.on_search(originals, json(page_json(tasks({1, 2, 3, 4}), 5)));
    auto const got = t.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 4);
    CHECK(t.at.asked().size() == 3);
}

TEST_CASE("Launchpad: a search ends when all that was wanted is found")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 3, 4}), 8, 0, "https://api.launchpad.net/devel/never")));
    t.on_search(
        originals, json(page_json(tasks({1, 2, 3, 4}), 8, 0, "https://api.launchpad.net/devel/never")));
    CHECK(t.look(ids(1, 4)).found.size() == 4);
    CHECK(t.at.asked().size() == 2);
}

TEST_CASE("Launchpad: a link to another origin is not followed")
{
    for (auto const* const link :
         {"https://evil.example.org/devel/plum?memo=3",
          "http://api.launchpad.net/devel/plum?memo=3",
          "https://api.launchpad.net:8443/devel/plum?memo=3",
          "//evil"}) {
        tracker t;
        t.on_search(all, json(page_json(tasks({1, 2, 3}), 5, 0, link)));
        auto const got = t.look(ids(1, 4));
        CHECK(got.found.empty());
        REQUIRE(got.trouble);
        CHECK(got.trouble->kind == error_kind::protocol_error);
        CHECK(t.at.asked().size() == 1);
    }
}

TEST_CASE("Launchpad: a target with more pages than ids is not paged through")
{
    tracker t;
    t.on_search(
        all, json(page_json(tasks({50, 51}), 3000, 0, "https://api.launchpad.net/devel/plum?memo=2")));
    for (int i = 1; i <= 4; ++i)
        t.on_single(i);
    auto const got = t.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(seen(got, id_of(4)).words.status == "New");
    CHECK(t.at.asked().size() == 9);
}

TEST_CASE("Launchpad: pages without a total, and without an end, are bounded")
{
    tracker t;
    t.at.on(
        "GET",
        "/devel/plum?*",
        json(
            R"({"start":0,"total_size_link":"https://api.launchpad.net/devel/x","entries":[)"
            + task_json(id_of(50), "New", "Low")
            + R"(],"next_collection_link":"https://api.launchpad.net/devel/plum?memo=1"})"));
    for (int i = 1; i <= 4; ++i)
        t.on_single(i);
    CHECK(t.look(ids(1, 4)).found.size() == 4);
    CHECK(t.at.count("/devel/plum?") == 4);
}

TEST_CASE("Launchpad: a page too large is asked for smaller, and then the tasks singly")
{
    auto const refused = answer(
        400, "text/plain;charset=utf-8", "Maximum for ws.size is 100, asked for 300.");
    tracker t;
    t.at.next(refused);
    t.at.next(json(page_json(tasks({1, 2, 3, 4}), 4)));
    t.at.next(json(page_json(tasks({1, 2, 3, 4}), 4)));
    CHECK(t.look(ids(1, 4)).found.size() == 4);
    CHECK(t.at.asked()[1].url.parameter("ws.size") == "75");

    tracker u;
    u.on_search(all, refused);
    for (int i = 1; i <= 4; ++i)
        u.on_single(i);
    auto const got = u.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(got.found.size() == 4);
    CHECK(u.at.count(all) == 2);
}

TEST_CASE("Launchpad: what the search misses is asked singly")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 4}), 3)));
    t.on_search(originals, json(page_json(tasks({1, 2, 4}), 3)));
    t.at.on("GET", "/devel/" + id_of(3), test::no_such_object());
    auto const got = t.look(ids(1, 4));
    CHECK_FALSE(got.trouble);
    CHECK(ended(got, id_of(3)) == outcome::not_found);
    CHECK(ended(got, id_of(4)) == outcome::seen);
}

TEST_CASE("Launchpad: without the second search nothing is called an original")
{
    tracker t;
    t.on_search(all, json(page_json(tasks({1, 2, 3, 4}), 4)));
    t.on_search(originals, {error{.kind = error_kind::timeout}});
    auto const got = t.look(ids(1, 4));
    CHECK(got.found.empty());
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::timeout);
}

TEST_CASE("Launchpad: a search that times out there is maintenance, with its own time to wait")
{
    tracker t;
    auto slow = answer(503, "text/html", "<html>Timeout error</html>");
    slow.headers.emplace_back("Retry-After", "900");
    t.on_search(all, slow);
    auto const got = t.look(ids(1, 4));
    REQUIRE(got.trouble);
    CHECK(got.trouble->kind == error_kind::maintenance);
    CHECK(got.trouble->retry_after == std::chrono::seconds{900});
}
