#include "engine/net/http_client.hpp"
#include "engine/net/resolver.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;
using namespace std::chrono_literals;

namespace {

struct fixture {
    std::string text(result<address_list> const& got) const
    {
        if (!got)
            return to_string(got.error());
        std::string out;
        for (auto const& a : *got)
            out += a.to_string() + " ";
        return out;
    }

    std::string look_up(std::string const& host) { return text(test::run(loop, names.resolve(host, 30s))); }

    // Looks up beside the test.
    void start(std::string const& host)
    {
        auto op = [](fixture& f, std::string name) -> awaitable<void> {
            auto const got = co_await f.names.resolve(name, 30s);
            f.done.push_back(name + ": " + f.text(got));
        };
        asio::co_spawn(loop, op(*this, host), [](std::exception_ptr) {});
    }

    void start_many(int many)
    {
        for (int i = 0; i != many; ++i) {
            auto const name = "n" + std::to_string(i) + ".test";
            server.known[name] = {"192.0.2.1"};
            start(name);
        }
    }

    bool wait(std::function<bool()> holds) { return test::run(loop, test::until(std::move(holds))); }

    asio::io_context loop{1};
    test::name_server server{loop};
    watchdog dog{loop.get_executor()};
    resolver names{loop.get_executor(), dog, server.address()};
    std::vector<std::string> done;
};

} // namespace

TEST_CASE("resolver: families by turns, version 6 first")
{
    auto const a = [](char const* text) { return asio::ip::make_address(text); };
    CHECK(
        interleaved({a("10.0.0.1"), a("10.0.0.2"), a("10.0.0.3"), a("fd00::1"), a("fd00::2")})
        == address_list{a("fd00::1"), a("10.0.0.1"), a("fd00::2"), a("10.0.0.2"), a("10.0.0.3")});
    CHECK(interleaved({}).empty());
}

TEST_CASE("resolver: literals and localhost need no server")
{
    fixture f;
    CHECK(f.look_up("192.0.2.7") == "192.0.2.7 ");
    CHECK(f.look_up("2001:db8::7") == "2001:db8::7 ");
    CHECK(f.look_up("localhost") == "::1 127.0.0.1 ");
    CHECK(f.look_up("bugs.localhost") == "::1 127.0.0.1 ");
    CHECK(f.server.asked.empty());
}

TEST_CASE("resolver: an answer is kept, also that there is none")
{
    fixture f;
    f.server.known["bugs.test"] = {"192.0.2.1", "fd00::1", "192.0.2.2"};
    CHECK(f.look_up("bugs.test") == "fd00::1 192.0.2.1 192.0.2.2 ");
    CHECK(f.look_up("bugs.test") == "fd00::1 192.0.2.1 192.0.2.2 ");
    CHECK(f.server.asked["bugs.test"] == 1);

    auto const missing = f.look_up("nowhere.test");
    CHECK(missing.starts_with("connect_failed: nowhere.test: Domain name not found"));
    CHECK(f.look_up("nowhere.test") == missing);
    CHECK(f.server.asked["nowhere.test"] == 1);

    f.server.known["empty.test"] = {};
    CHECK(f.look_up("empty.test").starts_with("connect_failed: empty.test: "));
}

TEST_CASE("resolver: a broken name server")
{
    fixture f;
    f.server.broken = true;
    CHECK(f.look_up("bugs.test").starts_with("connect_failed: bugs.test: "));
}

TEST_CASE("resolver: slow names are looked up side by side, each once")
{
    fixture f;
    f.server.held = true;
    for (int i = 0; i != 40; ++i) {
        auto const name = "slow" + std::to_string(i) + ".test";
        f.server.known[name] = {"192.0.2.1"};
        f.start(name);
        f.start(name);
    }
    // One after the other they would never all be asked for, since none is answered.
    CHECK(f.wait([&] { return f.server.asked.size() == 40; }));
    CHECK(f.done.empty());
    f.server.release();
    CHECK(f.wait([&] { return f.done.size() == 80; }));
    for (auto const& [name, times] : f.server.asked)
        CHECK(times == 1);
    for (auto const& line : f.done)
        CHECK_THAT(line, Catch::Matchers::EndsWith(": 192.0.2.1 "));
}

TEST_CASE("resolver: hundreds of names are asked for before one is answered")
{
    fixture f;
    f.server.held = true;
    f.start_many(250);
    CHECK(f.wait([&] { return f.server.asked.size() == 250; }));
    CHECK(f.done.empty());
    f.server.release();
    CHECK(f.wait([&] { return f.done.size() == 250; }));
}

TEST_CASE("resolver: a server that refuses what is too much is asked for fewer names at a time")
{
    fixture f;
    f.server.held = true;
    f.server.most_held = 150;
    f.start_many(300);
    CHECK(f.wait([&] { return f.server.refused >= 3; }));
    CHECK(f.wait([&] {
        f.server.answer_held();
        return f.done.size() == 300;
    }));
    for (auto const& line : f.done)
        CHECK_THAT(line, Catch::Matchers::EndsWith(": 192.0.2.1 "));
}

TEST_CASE("resolver: who gives up does not take the answer from others")
{
    fixture f;
    f.server.held = true;
    f.server.known["bugs.test"] = {"192.0.2.1"};
    f.start("bugs.test");
    auto const impatient = test::run(f.loop, f.names.resolve("bugs.test", 20ms));
    REQUIRE(impatient.has_error());
    CHECK(impatient.error().kind == error_kind::timeout);
    f.server.release();
    CHECK(f.wait([&] { return f.done.size() == 1; }));
    CHECK(f.done[0] == "bugs.test: 192.0.2.1 ");
}

TEST_CASE("resolver: the client falls back to the next address")
{
    asio::io_context loop{1};
    test::name_server names{loop};
    auto const second = asio::ip::make_address("127.0.0.3");
    test::loopback_server server{
        loop,
        [](test::peer& p) -> awaitable<void> {
            co_await p.request();
            co_await p.say(test::answer("second"));
            co_await p.gone();
        },
        second};
    names.known["bugs.test"] = {"127.0.0.2", "127.0.0.3"};
    auto s = test::quick_settings();
    s.dns_servers = names.address();
    http_client client{loop.get_executor(), s};
    cookie_jar jar;
    request const rq{.url = server.url("/", "bugs.test")};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got);
    CHECK(got->body == "second");
    CHECK(client.counters().connections == 1);

    names.known["down.test"] = {"127.0.0.2", "127.0.0.4"};
    request const nowhere{.url = server.url("/", "down.test")};
    auto const failed = test::run(loop, client.send(nowhere, jar));
    REQUIRE(failed.has_error());
    CHECK(failed.error().kind == error_kind::connect_failed);
    CHECK(failed.error().cause == asio::error::connection_refused);
}

TEST_CASE("resolver: a silent first address does not hold up the second, and is left alone then")
{
    asio::io_context loop{1};
    test::name_server names{loop};
    test::loopback_server server{
        loop,
        [](test::peer& p) -> awaitable<void> {
            co_await p.request();
            co_await p.say(test::answer("second"));
            co_await p.gone();
        },
        asio::ip::make_address("127.0.0.3")};
    // The first address listens, with a full backlog: attempts there are dropped by the system.
    using asio::ip::tcp;
    tcp::endpoint const silent{asio::ip::make_address("127.0.0.2"), server.port()};
    tcp::acceptor deaf{loop};
    deaf.open(silent.protocol());
    deaf.bind(silent);
    deaf.listen(0);
    std::vector<std::unique_ptr<tcp::socket>> fill;
    for (int i = 0; i != 3; ++i) {
        fill.push_back(std::make_unique<tcp::socket>(loop));
        fill.back()->async_connect(silent, [](error_code) {});
    }
    loop.run_for(20ms);
    names.known["bugs.test"] = {"127.0.0.2", "127.0.0.3"};
    auto s = test::quick_settings();
    s.dns_servers = names.address();
    http_client client{loop.get_executor(), s};
    cookie_jar jar;
    request const rq{.url = server.url("/", "bugs.test")};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got);
    CHECK(got->body == "second");
    CHECK(client.counters().connections == 1);
}

TEST_CASE("resolver: a name that does not exist fails the request in the resolver's words")
{
    asio::io_context loop{1};
    test::name_server names{loop};
    auto s = test::quick_settings();
    s.dns_servers = names.address();
    http_client client{loop.get_executor(), s};
    cookie_jar jar;
    request const rq{.url = parse_url("http://nowhere.test/x").value()};
    auto const got = test::run(loop, client.send(rq, jar));
    REQUIRE(got.has_error());
    CHECK(
        to_string(got.error())
        == "connect_failed: nowhere.test: Domain name not found (GET http://nowhere.test/x)");
}
