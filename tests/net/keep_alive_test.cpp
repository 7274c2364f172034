#include "engine/net/http_client.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;

namespace {

// Answers every request with the number of the connection it came over.
test::loopback_server::script numbered(int& connections)
{
    return [&connections](test::peer& p) -> awaitable<void> {
        auto const mine = std::to_string(++connections);
        for (;;) {
            auto const rq = co_await p.request();
            if (rq.empty())
                co_return;
            co_await p.say(test::answer(mine));
        }
    };
}

} // namespace

TEST_CASE("keep_alive: requests to one host share a connection")
{
    asio::io_context loop{1};
    int connections = 0;
    test::loopback_server server{loop, numbered(connections)};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = server.url()};
        for (int i = 0; i != 5; ++i) {
            auto const got = co_await client.send(rq, jar);
            REQUIRE(got);
            CHECK(got->body == "1");
        }
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(client.counters().connections == 1);
    CHECK(client.counters().requests == 5);
    CHECK(client.counters().bytes_in == 5 * test::answer("1").size());
}

TEST_CASE("keep_alive: a server that closes after each answer gets a connection for each")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     co_await p.say(test::answer("x", "Connection: close\r\n"));
                                     co_await p.gone();
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = server.url()};
        for (int i = 0; i != 3; ++i) {
            auto const got = co_await client.send(rq, jar);
            CHECK(got);
        }
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(server.accepted == 3);
}

TEST_CASE("keep_alive: a kept connection that the server has closed is replaced in silence, once")
{
    asio::io_context loop{1};
    bool const reset = GENERATE(false, true);
    bool const comes_back = GENERATE(true, false);
    int connections = 0;
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     bool const answers = ++connections == 1 || comes_back;
                                     co_await p.request();
                                     if (answers) {
                                         co_await p.say(test::answer("answer"));
                                         co_await p.request(); // arrives, and is not answered
                                     }
                                     if (reset)
                                         p.reset();
                                     else
                                         p.close();
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.method = "POST", .url = server.url(), .body = "read"};
        auto const one = co_await client.send(rq, jar);
        REQUIRE(one);
        auto const two = co_await client.send(rq, jar);
        REQUIRE(two.has_value() == comes_back);
        if (!comes_back)
            CHECK(two.error().kind == error_kind::connect_failed);
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(server.accepted == 2);
    CHECK(client.counters().requests == 2);
}

TEST_CASE("keep_alive: a kept connection that dies within an answer is not tried again")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     co_await p.say(test::answer("first"));
                                     co_await p.request();
                                     co_await p.say("H");
                                     p.close();
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = server.url()};
        auto const one = co_await client.send(rq, jar);
        REQUIRE(one);
        auto const two = co_await client.send(rq, jar);
        REQUIRE(two.has_error());
        CHECK(two.error().kind == error_kind::protocol_error);
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(server.accepted == 1);
}

TEST_CASE("keep_alive: idle connections are closed in time")
{
    asio::io_context loop{1};
    int connections = 0;
    test::loopback_server server{loop, numbered(connections)};
    auto s = test::quick_settings();
    s.keep_alive = 50ms;
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = server.url()};
        co_await client.send(rq, jar);
        CHECK(server.open == 1);
        co_return co_await test::until([&] { return server.open == 0; });
    };
    CHECK(test::run(loop, scenario()));
}

TEST_CASE("keep_alive: the oldest idle connection makes room")
{
    asio::io_context loop{1};
    int connections = 0;
    std::vector<std::unique_ptr<test::loopback_server>> servers;
    for (int i = 0; i != 4; ++i)
        servers.push_back(std::make_unique<test::loopback_server>(loop, numbered(connections)));
    auto s = test::quick_settings();
    s.most_idle_connections = 3;
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        for (auto const& server : servers) {
            request const rq{.url = server->url()};
            co_await client.send(rq, jar);
        }
        co_return co_await test::until([&] { return servers[0]->open == 0; });
    };
    CHECK(test::run(loop, scenario()));
    for (int i = 1; i != 4; ++i)
        CHECK(servers[static_cast<std::size_t>(i)]->open == 1);
}

TEST_CASE("keep_alive: destroying the client closes its connections")
{
    asio::io_context loop{1};
    int connections = 0;
    test::loopback_server server{loop, numbered(connections)};
    auto client = std::make_unique<http_client>(loop.get_executor(), test::quick_settings());
    auto scenario = [&]() -> awaitable<bool> {
        cookie_jar jar;
        request const rq{.url = server.url()};
        co_await client->send(rq, jar);
        client.reset();
        co_return co_await test::until([&] { return server.open == 0; });
    };
    CHECK(test::run(loop, scenario()));
}
