#include "tests/serve/http_ground.hpp"

#include <boost/json/parse.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;
using checkwatches::test::until;

TEST_CASE("http server: a request is answered, and the connection goes on")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        for (auto const* path : {"/first", "/second", "/third"}) {
            co_await client.say(g.get(path));
            auto const got = co_await client.hear();
            CHECK(status_of(got) == "200");
            CHECK(body_of(got) == std::string{"GET "} + path + " ");
            CHECK_FALSE(has_line(got, "Connection: close"));
            CHECK(has_line(got, "X-Frame-Options: DENY"));
        }
        co_await client.say(g.get("/last", "Connection: close\r\n"));
        auto const last = co_await client.hear_out();
        CHECK(has_line(last, "Connection: close"));
        CHECK(body_of(last) == "GET /last ");
        REQUIRE(g.handler.asked.size() == 4);
        CHECK(g.handler.asked.front().peer == "127.0.0.1");
        CHECK_FALSE(g.handler.asked.front().is_secure);
    };
    g.run(test());
}

TEST_CASE("http server: requests that come at once are answered in order")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        auto const post = g.request("POST", "/form", "Content-Length: 5\r\n") + "hello";
        std::string all;
        for (int i = 0; i != 300; ++i)
            all += g.get("/" + std::to_string(i)) + post;
        auto sending = [&]() -> awaitable<void> { co_await client.say(all); };
        auto hearing = [&]() -> awaitable<void> {
            for (int i = 0; i != 300; ++i) {
                auto const first = co_await client.hear();
                CHECK(body_of(first) == "GET /" + std::to_string(i) + " ");
                auto const second = co_await client.hear();
                CHECK(body_of(second) == "POST /form hello");
            }
        };
        std::vector<awaitable<void>> both;
        both.push_back(sending());
        both.push_back(hearing());
        co_await join(std::move(both));
    };
    g.run(test());
}

TEST_CASE("http server: a request that comes byte by byte is answered")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        for (char const c : g.request("POST", "/slow", "Content-Length: 5\r\n") + "hello")
            co_await client.say(std::string(1, c));
        auto const got = co_await client.hear();
        CHECK(body_of(got) == "POST /slow hello");
    };
    g.run(test());
}

TEST_CASE("http server: what is refused is told as a problem, and the connection ends")
{
    http_ground g;
    struct sample {
        std::string bytes;
        std::string status;
    };
    auto const long_body = g.request("POST", "/", "Content-Length: 300000\r\n") + std::string(300'000, 'x');
    std::vector<sample> const samples{
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
        {"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", "505"},
        {"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"},
        {"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", "501"},
        {"garbage\r\n", ""},
        {"\x16\x03\x01", "400"},
        {g.get("/../etc/passwd"), "400"},
        {g.get("/" + std::string(9'000, 'x')), "414"},
        {g.get("/", "X: " + std::string(60'000, 'x') + "\r\n"), "431"},
        {long_body, "413"}};
    auto test = [&]() -> awaitable<void> {
        for (auto const& one : samples) {
            INFO(one.bytes.substr(0, 60));
            bool const is_cut = one.status.empty();
            auto const status = is_cut ? "400" : one.status;
            auto const bytes = is_cut ? one.bytes : one.bytes + g.get("/smuggled");
            auto const got = co_await g.ask(bytes, is_cut);
            CHECK(status_of(got) == status);
            CHECK(has_line(got, "Connection: close"));
            CHECK(has_line(got, "Content-Type: application/problem+json"));
            CHECK(has_line(got, "X-Content-Type-Options: nosniff"));
            CHECK(has_line(got, "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS") == (status == "405"));
            auto const what = boost::json::parse(body_of(got)).as_object();
            CHECK(std::to_string(what.at("status").as_int64()) == status);
        }
        CHECK(g.handler.asked.empty());
    };
    g.run(test());
}

TEST_CASE("http server: a request that is cut off anywhere gets its answer or none, and the server goes on")
{
    http_ground g;
    auto const whole = g.request("POST", "/form?a=1", "Content-Length: 5\r\n") + "hello";
    auto test = [&]() -> awaitable<void> {
        for (std::size_t cut = 0; cut != whole.size(); ++cut) {
            auto const got = co_await g.ask(whole.substr(0, cut), true);
            CHECK(status_of(got) == (cut == 0 ? "" : "400"));
        }
        auto const got = co_await g.ask(whole, true);
        CHECK(body_of(got) == "POST /form hello");
        CHECK(g.handler.asked.size() == 1);
    };
    g.run(test());
}

TEST_CASE("http server: HEAD is answered as GET, without the body")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.request("HEAD", "/x") + g.get("/y"));
        auto const head = co_await client.hear(true);
        CHECK(has_line(head, "Content-Length: 7"));
        auto const next = co_await client.hear();
        CHECK(body_of(next) == "GET /y ");
    };
    g.run(test());
}

TEST_CASE("http server: who waits for leave to send a body is given it")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.request("POST", "/x", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
        auto const leave = co_await client.hear();
        CHECK(leave == "HTTP/1.1 100 Continue\r\n\r\n");
        co_await client.say("hello");
        auto const got = co_await client.hear();
        CHECK(body_of(got) == "POST /x hello");
        // A body that would be too long is refused before it is sent.
        co_await client.say(g.request("POST", "/x", "Content-Length: 500000\r\nExpect: 100-continue\r\n"));
        auto const refused = co_await client.hear_out();
        CHECK(status_of(refused) == "413");
    };
    g.run(test());
}

TEST_CASE("http server: a handler that fails is answered 500, logged, and harms no other")
{
    http_ground g;
    g.handler.to = [](http_request rq) -> awaitable<http_answer> {
        if (rq.path == "/bad")
            throw std::runtime_error{"a bug of ours"};
        co_return problem(404, "nothing");
    };
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.get("/bad") + g.get("/good"));
        auto const bad = co_await client.hear();
        CHECK(status_of(bad) == "500");
        CHECK(bad.find("a bug of ours") == std::string::npos);
        auto const good = co_await client.hear();
        CHECK(status_of(good) == "404");
        CHECK(g.log.lines == std::vector<std::string>{"a request failed why=a bug of ours"});
    };
    g.run(test());
}

TEST_CASE("http server: what the client has already is not sent again")
{
    http_ground g;
    g.handler.to = [](http_request) -> awaitable<http_answer> {
        http_answer out;
        out.headers.emplace_back("ETag", "\"7\"");
        out.body = "hello";
        co_return out;
    };
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.get("/", "If-None-Match: \"6\", W/\"7\"\r\n") + g.get("/"));
        auto const known = co_await client.hear();
        CHECK(status_of(known) == "304");
        auto const next = co_await client.hear();
        CHECK(body_of(next) == "hello");
        // What was done is told, whatever the client had.
        co_await client.say(g.request("POST", "/", "If-None-Match: *\r\nContent-Length: 0\r\n"));
        auto const done = co_await client.hear();
        CHECK(status_of(done) == "200");
    };
    g.run(test());
}

TEST_CASE("http server: the word of a trusted proxy is the request's origin")
{
    http_settings settings;
    settings.proxies = {"127.0.0.1"};
    settings.hosts = {"bugs.example.org"};
    http_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto const got = co_await g.ask(
            "GET / HTTP/1.1\r\nHost: bugs.example.org\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.9\r\n"
            "X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n");
        CHECK(status_of(got) == "200");
        REQUIRE(g.handler.asked.size() == 1);
        CHECK(g.handler.asked.front().peer == "192.0.2.9");
        CHECK(g.handler.asked.front().is_secure);
    };
    g.run(test());
}

TEST_CASE("http server: an address that cannot be used is an error that says what to do")
{
    asio::io_context loop{1};
    canned_handler handler;
    keeping_logger log;
    auto const listen_on = [&](std::vector<std::string> at) {
        http_settings settings;
        settings.listen = std::move(at);
        auto server = std::make_unique<http_server>(loop.get_executor(), settings, handler, log);
        auto const opened = server->listen();
        return opened ? "fine" : to_string(opened.error());
    };
    for (auto const* wrong :
         {"localhost:80",
          "127.0.0.1",
          "127.0.0.1:",
          "127.0.0.1:x",
          "127.0.0.1:70000",
          "::1:80",
          "[127.0.0.1]:80",
          ":80",
          ""})
        CHECK(
            listen_on({wrong})
            == std::string{"usage: \""} + wrong
                   + "\" is no address to listen on: it is written as 127.0.0.1:8060 or [::1]:8060");
    http_ground g;
    CHECK(
        listen_on({g.address})
        == "storage: cannot listen on " + g.address + " (Address already in use); choose another address");
    CHECK(
        listen_on({"192.0.2.1:8060"})
        == "storage: cannot listen on 192.0.2.1:8060 (Cannot assign requested address); choose another "
           "address");
    CHECK(listen_on({"127.0.0.1:0", "127.0.0.1:0"}) == "fine");
    http_settings settings;
    settings.listen = {"127.0.0.1:0"};
    settings.proxies = {"proxy.example.org"};
    http_server server{loop.get_executor(), settings, handler, log};
    CHECK(to_string(server.listen().error()) == "usage: \"proxy.example.org\" is no IP address of a proxy");
}
