#include <catch2/catch.hpp>

#include "ground.hpp"

namespace checkwatches::mock {

namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view as_guest = "&user=guest&pass=guest";
constexpr std::string_view as_member = "&user=watcher%40example.org&pass=open%20sesame%20%26%20more";

struct rt_ground_test : ground {
    using ground::ground;

    answer ask(std::string const& path, std::string form, std::string_view who = as_guest)
    {
        return post("/REST/1.0/" + path, form + std::string{who}, std::string{form_type});
    }
};

} // namespace

TEST_CASE("mock RT: REST 1.0 shows tickets in ascending order, and says why not")
{
    rt_ground_test at{"kind=rt,bugs=30"};
    at.bugs.change(1, {.status = "open", .priority = "75"}, 1'770'000'000);
    at.bugs.change(10, {.status = "stalled"}, 1'770'000'000);
    auto const a = at.ask("show", "id=ticket/9999,20,13,1&format=l&fields=id,Status,Priority");
    CHECK(a.status == 200);
    CHECK(header(a, "Content-Type") == "text/plain; charset=utf-8");
    CHECK(a.body.starts_with(
        "RT/5.0.3+dfsg-3~deb12u6 200 Ok\n\nid: ticket/1\nStatus: open\nPriority: 75\n\n--\n\n"
        "# You are not allowed to display ticket 13.\n\n\n--\n\nid: ticket/10\nStatus: stalled\n"));
    CHECK(contains(a.body, "--\n\n# Ticket 9999 does not exist.\n"));
    CHECK(told_ids(a) == "1,10,");
    CHECK(contains(at.ask("show", "id=ticket/13&fields=id", as_member).body, "id: ticket/13\n"));
    CHECK(at.ask("show", "id=ticket/x").body.find(" 400 Bad Request\n") != std::string::npos);
}

TEST_CASE("mock RT: nobody is shown anything, and a session is kept by a cookie")
{
    rt_ground_test at{"kind=rt,bugs=30,session=2"};
    CHECK(at.ask("show", "id=ticket/1", "").body == "RT/5.0.3+dfsg-3~deb12u6 401 Credentials required\n\n");
    CHECK(contains(at.ask("show", "id=ticket/1", "&user=guest&pass=x").body, "401 Credentials required"));
    auto const cookie = header(at.ask("show", "id=ticket/1"), "Set-Cookie");
    auto const pair = cookie.substr(0, cookie.find(';'));
    CHECK(pair.starts_with("RT_SID_"));
    auto const again = [&] { return at.get("/REST/1.0/ticket/1/show", {{"Cookie", pair}}).body; };
    CHECK(contains(again(), "200 Ok"));
    CHECK(contains(again(), "200 Ok"));
    CHECK(contains(again(), "401 Credentials required"));
    rt_ground_test closed{"kind=rt,bugs=30,guest=0"};
    CHECK(contains(closed.ask("show", "id=ticket/1").body, "401 Credentials required"));
}

TEST_CASE("mock RT: a search leaves out what is hidden, missing and merged")
{
    rt_ground_test at{"kind=rt,bugs=30"};
    CHECK(
        told_ids(at.ask("search/ticket", "query=id = 1 OR id = 13 OR id = 20 OR id = 99&format=l")) == "1,");
    CHECK(contains(at.ask("search/ticket", "query=id = 99").body, "No matching results."));
    CHECK(contains(at.ask("search/ticket", "query=id IN (1)").body, "400 Bad request"));
    at.bugs.change(2, {.status = "resolved"}, 1'770'000'000); // 2026-02-02T02:40:00Z
    CHECK(
        told_ids(at.ask("search/ticket", "query=(id = 1 OR id = 2) AND LastUpdated > '2026-02-02 02:39:59'"))
        == "2,");
}

TEST_CASE("mock RT: the history")
{
    rt_ground_test at{"kind=rt,bugs=30"};
    auto const a = at.ask("ticket/1/history", "format=l");
    CHECK(contains(a.body, "\nType: Create\n"));
    CHECK(contains(a.body, "\nContent: It broke: "));
    CHECK(contains(a.body, "\n         Steps:\n"));
    CHECK(contains(a.body, "\nCreated: 2026-01-01 01:00:00\n"));
}

TEST_CASE("mock RT: REST 2.0")
{
    ground at{"kind=rt,bugs=30"};
    std::vector<std::pair<std::string, std::string>> const token{
        {"Authorization", "token " + std::string{good_key}}};
    CHECK(at.get("/REST/2.0/ticket/1").status == 401);
    CHECK(contains(at.get("/REST/2.0/rt", token).body, "\"Version\" : \"5.0.3"));
    auto const one = at.get("/REST/2.0/ticket/20", token);
    CHECK(contains(one.body, "\"id\" : 10,"));
    auto with_tag = token;
    with_tag.emplace_back("If-None-Match", header(one, "ETag"));
    CHECK(at.get("/REST/2.0/ticket/20", with_tag).status == 304);
    CHECK(at.get("/REST/2.0/ticket/99", token).status == 404);
    auto const found = at.get("/REST/2.0/tickets?query=id%20%3D%201%20OR%20id%20%3D%202&per_page=1", token);
    CHECK(told_ids(found) == "1,");
    CHECK(contains(found.body, "\"next_page\""));
    // guest:guest
    CHECK(at.get("/REST/2.0/ticket/13", {{"Authorization", "Basic Z3Vlc3Q6Z3Vlc3Q="}}).status == 403);
    CHECK(ground{"kind=rt,flavour=4.0"}.get("/REST/2.0/rt", token).status == 404);
}

} // namespace checkwatches::mock
