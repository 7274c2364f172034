#include "engine/net/http_client.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/ip/udp.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;

namespace {

// What a request to `url` ends with, and whether the server saw the connection go.
error fails(asio::io_context& loop, settings const& s, web_url const& url)
{
    http_client client{loop.get_executor(), s};
    cookie_jar jar;
    request const rq{.url = url};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got.has_error());
    CHECK(got.error().kind == error_kind::timeout);
    return got.error();
}

} // namespace

TEST_CASE("timeout: a server that says nothing, and one that stops in the middle")
{
    for (std::string const said : {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}) {
        asio::io_context loop{1};
        test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                         co_await p.request();
                                         co_await p.say(said);
                                         co_await p.gone();
                                     }};
        auto s = test::quick_settings();
        s.idle_timeout = 50ms;
        auto const e = fails(loop, s, server.url("/x"));
        CHECK(e.message == "no data moved for 0.05 s");
        CHECK(e.request == "GET " + server.url("/x").text());
        // The connection was closed with the error, not with the client.
        CHECK(test::run(loop, test::until([&] { return server.open == 0; })));
    }
}

TEST_CASE("timeout: a server that goes on for ever, a little at a time")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     co_await p.say("HTTP/1.1 200 OK\r\n\r\n");
                                     asio::steady_timer pause{co_await asio::this_coro::executor};
                                     for (;;) {
                                         pause.expires_after(5ms);
                                         co_await pause.async_wait(use_awaitable);
                                         co_await asio::async_write(
                                             p.socket, asio::buffer("x", 1), use_awaitable);
                                     }
                                 }};
    auto s = test::quick_settings();
    s.total_timeout = 150ms;
    CHECK(fails(loop, s, server.url()).message == "the request took longer than 0.15 s in total");
}

TEST_CASE("timeout: the whole time counts over redirects")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     asio::steady_timer pause{co_await asio::this_coro::executor};
                                     for (;;) {
                                         co_await p.request();
                                         pause.expires_after(60ms);
                                         co_await pause.async_wait(use_awaitable);
                                         co_await p.say(
                                             test::answer("", "Location: /again\r\n", "302 Found"));
                                     }
                                 }};
    auto s = test::quick_settings();
    s.total_timeout = 150ms;
    s.most_redirects = 1000;
    CHECK(fails(loop, s, server.url()).message == "the request took longer than 0.15 s in total");
}

TEST_CASE("timeout: nobody accepts the connection")
{
    asio::io_context loop{1};
    using asio::ip::tcp;
    tcp::endpoint const local{asio::ip::address_v4::loopback(), 0};
    tcp::acceptor deaf{loop};
    deaf.open(local.protocol());
    deaf.bind(local);
    deaf.listen(0);
    // The backlog is filled, so that the system drops further attempts.
    std::vector<std::unique_ptr<tcp::socket>> fill;
    for (int i = 0; i != 3; ++i) {
        fill.push_back(std::make_unique<tcp::socket>(loop));
        fill.back()->async_connect(deaf.local_endpoint(), [](error_code) {});
    }
    loop.run_for(20ms);
    auto s = test::quick_settings();
    s.connect_timeout = 50ms;
    auto const url = parse_url("http://127.0.0.1:" + std::to_string(deaf.local_endpoint().port())).value();
    CHECK(fails(loop, s, url).message == "no connection within 0.05 s");
}

TEST_CASE("timeout: nobody shakes hands")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [](test::peer& p) -> awaitable<void> { co_await p.gone(); }};
    auto s = test::quick_settings();
    s.handshake_timeout = 50ms;
    auto url = server.url();
    url.scheme = "https";
    CHECK(fails(loop, s, url).message == "no TLS handshake within 0.05 s");
    CHECK(test::run(loop, test::until([&] { return server.open == 0; })));
}

TEST_CASE("timeout: the name server is silent")
{
    asio::io_context loop{1};
    asio::ip::udp::socket silent{loop, {asio::ip::address_v4::loopback(), 0}};
    auto s = test::quick_settings();
    s.dns_servers = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    s.resolve_timeout = 50ms;
    auto const e = fails(loop, s, parse_url("http://bugs.silent.test/").value());
    CHECK(e.message == "no answer from the name servers within 0.05 s");
}
