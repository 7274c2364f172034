#include "engine/net/http_client.hpp"
#include "tests/net/encode.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

// Sends `rq` to a server that answers with `script` in pieces of `piece` bytes and then ends the connection.
struct told {
    result<response> got = error{};
    std::string asked;
};

told converse(std::string script, std::size_t piece, settings s = test::quick_settings(), request rq = {})
{
    asio::io_context loop{1};
    std::string asked;
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     asked = co_await p.request();
                                     for (std::size_t at = 0; at < script.size(); at += piece)
                                         co_await p.say(script.substr(at, piece));
                                     p.close();
                                 }};
    http_client client{loop.get_executor(), std::move(s)};
    cookie_jar jar;
    auto const query = rq.url.query;
    rq.url = server.url("/bug?" + query);
    auto got = test::run(loop, client.send(rq, jar));
    return {std::move(got), std::move(asked)};
}

} // namespace

TEST_CASE("http_client: what goes over the wire")
{
    auto s = test::quick_settings();
    s.user_agent = "checkwatches/9 (+https://us.example)";
    request rq{.method = "POST", .headers = {{"Content-Type", "text/xml"}}, .body = "<call/>"};
    rq.url.query = "id=1&x=%20";
    auto const [got, asked] = converse(test::answer("ok"), 1000, s, rq);
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->body == "ok");
    auto const host = asked.find("\r\nUser-Agent");
    CHECK(asked.substr(0, 57).starts_with("POST /bug?id=1&x=%20 HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(
        asked.substr(host)
        == "\r\nUser-Agent: checkwatches/9 (+https://us.example)\r\n"
           "Accept-Encoding: gzip, deflate, br, zstd\r\nContent-Type: text/xml\r\nContent-Length: "
           "7\r\n\r\n<call/>");
}

TEST_CASE("http_client: what cannot be sent is a mistake of the caller")
{
    for (auto const& bad :
         {std::pair{"X-Key", "hunter2\r\nX: y"}, std::pair{"X Key", "v"}, std::pair{"", "v"}}) {
        request rq{.headers = {bad}};
        auto const [got, asked] = converse(test::answer("ok"), 1000, test::quick_settings(), rq);
        REQUIRE(got.has_error());
        CHECK(got.error().kind == error_kind::usage);
        CHECK(to_string(got.error()).find("hunter2") == std::string::npos);
        CHECK(asked.empty());
    }
}

TEST_CASE("http_client: every framing over a socket, whole and byte by byte")
{
    std::vector<std::string> const scripts{
        test::answer("hello"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n1\r\no\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\n" + test::answer("hello"),
    };
    for (auto const& script : scripts)
        for (std::size_t const piece : {std::size_t{1000}, std::size_t{1}}) {
            INFO(script << " in pieces of " << piece);
            auto const [got, asked] = converse(script, piece);
            REQUIRE(got);
            CHECK(got->body == "hello");
        }
}

TEST_CASE("http_client: an answer cut anywhere is an error that names the request")
{
    std::string const script = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (std::size_t cut = 0; cut != script.size(); ++cut) {
        INFO("cut at " << cut);
        request rq;
        rq.url.query = "token=hunter2";
        auto const [got, asked] = converse(script.substr(0, cut), 1000, test::quick_settings(), rq);
        REQUIRE(got.has_error());
        CHECK(got.error().kind == (cut == 0 ? error_kind::connect_failed : error_kind::protocol_error));
        CHECK(got.error().request.starts_with("GET http://127.0.0.1:"));
        CHECK(got.error().request.ends_with("/bug?token=***"));
    }
}

TEST_CASE("http_client: no error tells the credential")
{
    for (auto const place :
         {login::where::query, login::where::header, login::where::basic, login::where::body})
        for (std::string const script : {"", "HTTP/1.1 200 OK\r\n", "nonsense\r\n\r\n"}) {
            asio::io_context loop{1};
            std::string asked;
            test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                             asked = co_await p.request();
                                             co_await p.say(script);
                                             p.close();
                                         }};
            http_client client{loop.get_executor(), test::quick_settings()};
            cookie_jar jar;
            request rq{.method = "POST", .url = server.url("/x?id=1"), .body = "[slot]"};
            rq.login = login{
                .place = place,
                .name = "unheard_of",
                .who = {.origin = rq.url.origin(), .user = "user77", .value = secret{"hunter2"}},
                .secret_slot = "[slot]"};
            auto const got = test::run(loop, client.send(rq, jar));
            REQUIRE(got.has_error());
            auto const text = to_string(got.error());
            INFO(text);
            CHECK(text.find("hunter2") == std::string::npos);
            CHECK(text.find("user77") == std::string::npos);
            CHECK(got.error().request == "POST " + server.url("/x?id=1").text());
            bool const there = asked.find("hunter2") != std::string::npos;
            CHECK((there || asked.find("Basic dXNlcjc3Omh1bnRlcjI=") != std::string::npos));
        }
}

TEST_CASE("http_client: content coding comes off")
{
    std::string text;
    for (int i = 0; i != 5000; ++i)
        text += "line " + std::to_string(i);
    struct row {
        std::string name;
        coding how;
    };
    for (auto const& [name, how] :
         {row{"gzip", coding::gzip},
          row{"deflate", coding::deflate},
          row{"br", coding::brotli},
          row{"zstd", coding::zstd},
          row{"UTF-8", coding::none},
          row{"identity", coding::none}}) {
        INFO(name);
        auto const script = test::answer(test::encode(how, text), "Content-Encoding: " + name + "\r\n");
        auto const [got, asked] = converse(script, 777);
        REQUIRE(got);
        CHECK((got->body == text));
    }
    auto const [bare, asked] = converse("HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n", 1000);
    REQUIRE(bare);
    CHECK(bare->status == 304);
}

TEST_CASE("http_client: limits on header, body and decoded body")
{
    auto s = test::quick_settings();
    s.most_header = 2000;
    s.most_body = 10'000;
    s.most_decoded = 20'000;
    auto const kind = [&](std::string const& script) {
        auto const told = converse(script, 100'000, s);
        return told.got ? std::string_view{"done"} : word(told.got.error().kind);
    };
    CHECK(kind(test::answer("x", "X: " + std::string(3000, 'x') + "\r\n")) == "too_large");
    CHECK(kind(test::answer(std::string(10'001, 'x'))) == "too_large");
    CHECK(kind(test::answer(std::string(10'000, 'x'))) == "done");
    CHECK(kind("HTTP/1.1 200 OK\r\n\r\n" + std::string(10'001, 'x')) == "too_large");
    for (auto const& [name, how] :
         {std::pair{"gzip", coding::gzip},
          std::pair{"br", coding::brotli},
          std::pair{"zstd", coding::zstd}}) {
        INFO(name);
        auto const header = std::string{"Content-Encoding: "} + name + "\r\n";
        CHECK(kind(test::answer(test::encode(how, std::string(20'001, 'x')), header)) == "too_large");
        CHECK(kind(test::answer(test::encode(how, std::string(20'000, 'x')), header)) == "done");
    }
}

TEST_CASE("http_client: a refused connection")
{
    asio::io_context loop{1};
    // The port is taken, so that it is nobody else's, and nobody listens there.
    asio::ip::tcp::socket const taken{loop, {asio::ip::address_v4::loopback(), 0}};
    auto const port = std::to_string(taken.local_endpoint().port());
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request const rq{.url = parse_url("http://127.0.0.1:" + port).value()};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::connect_failed);
    CHECK(got.error().cause == asio::error::connection_refused);
}

TEST_CASE("http_client: localhost is tried on both families")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     co_await p.say(test::answer("here"));
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request const rq{.url = server.url("/", "localhost")};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got);
    CHECK(got->body == "here");
    CHECK(client.counters().connections == 1);
}

TEST_CASE("http_client: cookies belong to the session")
{
    asio::io_context loop{1};
    std::vector<std::string> asked;
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     for (;;) {
                                         asked.push_back(co_await p.request());
                                         co_await p.say(test::answer("", "Set-Cookie: sid=7; Path=/\r\n"));
                                     }
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar one;
        cookie_jar other;
        request const rq{.url = server.url()};
        co_await client.send(rq, one);
        co_await client.send(rq, one);
        co_await client.send(rq, other);
        co_return true;
    };
    test::run(loop, scenario());
    REQUIRE(asked.size() >= 3);
    CHECK(asked[0].find("Cookie:") == std::string::npos);
    CHECK(asked[1].find("\r\nCookie: sid=7\r\n") != std::string::npos);
    CHECK(asked[2].find("Cookie:") == std::string::npos);
}

TEST_CASE("http_client: an answer that comes before the request was read is taken")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [](test::peer& p) -> awaitable<void> {
                                     co_await p.say(test::answer("too much", "", "413 Too Large"));
                                     co_await p.gone();
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    cookie_jar jar;
    request const rq{.method = "POST", .url = server.url(), .body = std::string(8 * 1024 * 1024, 'x')};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got);
    CHECK(got->status == 413);
}
