#include "engine/net/http_client.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

// A server that answers each target as written down, and writes down what it was asked.
struct site {
    explicit site(asio::io_context& loop)
        : server{loop, [this](test::peer& p) -> awaitable<void> {
                     for (;;) {
                         auto rq = co_await p.request();
                         if (rq.empty())
                             co_return;
                         auto const from = rq.find(' ') + 1;
                         auto const target = rq.substr(from, rq.find(' ', from) - from);
                         asked.push_back(std::move(rq));
                         auto const known = pages.find(target.substr(0, target.find('?')));
                         auto const page = known == pages.end() ? test::answer("", "", "404 No")
                                                                : known->second;
                         co_await p.say(page);
                     }
                 }}
    {}

    void redirect(std::string const& from, std::string const& status, std::string const& to)
    {
        pages[from] = test::answer("moved", "Location: " + to + "\r\n", status);
    }

    std::map<std::string, std::string> pages;
    std::vector<std::string> asked;
    test::loopback_server server;
};

} // namespace

TEST_CASE("redirects are followed, cookies on the way are kept, a permanent move is reported")
{
    asio::io_context loop{1};
    site s{loop};
    s.redirect("/old", "301 Moved", "/new\r\nSet-Cookie: seen=1; Path=/");
    s.redirect("/new", "302 Found", "login?x=1");
    s.pages["/login"] = test::answer("welcome");
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request const rq{.url = s.server.url("/old")};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got);
    CHECK(got->body == "welcome");
    CHECK(got->url.target() == "/login?x=1");
    REQUIRE(got->moved_to);
    CHECK(got->moved_to.value_or(web_url{}).target() == "/new");
    REQUIRE(s.asked.size() == 3);
    CHECK(s.asked[2].find("Cookie: seen=1\r\n") != std::string::npos);
    CHECK(client.counters().requests == 3);
    CHECK(client.counters().connections == 1);
}

TEST_CASE("a redirected POST is posted again only where asked")
{
    asio::io_context loop{1};
    site s{loop};
    s.redirect("/search", "302 Found", "/result");
    s.pages["/result"] = test::answer("found");
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request rq{.method = "POST", .url = s.server.url("/search"), .body = "ids=1"};
    CHECK(test::run(loop, client.send(rq, jar))->body == "found");
    CHECK(s.asked[1].starts_with("GET /result "));
    rq.on_redirect = redirect_policy::repost;
    CHECK(test::run(loop, client.send(rq, jar))->body == "found");
    CHECK(s.asked[3].starts_with("POST /result "));
    CHECK(s.asked[3].ends_with("\r\n\r\nids=1"));
    rq.on_redirect = redirect_policy::ignore;
    auto const ignored = test::run(loop, client.send(rq, jar));
    CHECK(ignored->status == 302);
    CHECK(s.asked.size() == 5);
}

TEST_CASE("a login stays with its origin")
{
    asio::io_context loop{1};
    site home{loop};
    site away{loop};
    auto const there = away.server.url("/there").text();
    home.redirect("/out", "302 Found", there + "?key2=hunter2&x=1");
    home.pages["/back"] = test::answer("home again");
    away.redirect("/there", "307 Over", home.server.url("/back").text());
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    for (auto const place :
         {login::where::query, login::where::header, login::where::basic, login::where::body}) {
        INFO(static_cast<int>(place));
        home.asked.clear();
        away.asked.clear();
        request rq{
            .method = "POST",
            .url = home.server.url("/out"),
            .headers = {{"Authorization", "mine-hunter3"}},
            .body = "<{{s}}>",
            .on_redirect = redirect_policy::repost};
        rq.login = login{
            .place = place,
            .name = "key2",
            .prefix = "token ",
            .who = {.origin = rq.url.origin(), .user = "me", .value = secret{"hunter2"}},
            .secret_slot = "{{s}}"};
        auto const basic = place == login::where::basic;
        if (basic)
            rq.headers.clear();
        auto const got = test::run(loop, client.send(rq, jar));
        REQUIRE(got);
        CHECK(got->body == "home again");
        std::string const mark = basic ? "Basic bWU6aHVudGVyMg==" : "hunter2";
        REQUIRE(home.asked.size() == 2);
        REQUIRE(away.asked.size() == 1);
        CHECK(home.asked[0].find(mark) != std::string::npos);
        CHECK(home.asked[1].find(mark) != std::string::npos);
        CHECK(home.asked[1].find("hunter3") == std::string::npos);
        CHECK(away.asked[0].find("hunter3") == std::string::npos);
        if (place == login::where::query)
            CHECK(away.asked[0].find("hunter2") == std::string::npos);
        else
            CHECK(away.asked[0].find(mark, away.asked[0].find("HTTP/1.1")) == std::string::npos);
    }
}

TEST_CASE("a circle of redirects ends in an error")
{
    asio::io_context loop{1};
    site s{loop};
    s.redirect("/a", "302 Found", "/b");
    s.redirect("/b", "302 Found", "/a");
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request const rq{.url = s.server.url("/a")};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::protocol_error);
    CHECK(got.error().message.find(s.server.url("/a").text()) != std::string::npos);
    CHECK(s.asked.size() == 6);
}
