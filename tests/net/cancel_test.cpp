#include "engine/net/http_client.hpp"
#include "tests/net/quick_settings.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/system_error.hpp>

#include <catch2/catch.hpp>

using namespace checkwatches;
using namespace checkwatches::net;

namespace {

// A request that runs beside the test and can be cancelled.
struct running {
    running(asio::io_context& loop, http_client& client, request rq)
    {
        auto op = [](http_client& c, request r, cookie_jar& j) -> awaitable<void> { co_await c.send(r, j); };
        asio::co_spawn(
            loop,
            op(client, std::move(rq), jar),
            asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr e) {
                ended = true;
                failure = e;
            }));
    }

    void cancel() { signal.emit(asio::cancellation_type::terminal); }

    bool aborted() const
    {
        try {
            if (failure)
                std::rethrow_exception(failure);
        }
        catch (boost::system::system_error const& e) {
            return e.code() == asio::error::operation_aborted;
        }
        return false;
    }

    asio::cancellation_signal signal;
    cookie_jar jar;
    bool ended = false;
    std::exception_ptr failure;
};

} // namespace

TEST_CASE("cancel: in the middle of an answer the socket is closed and the budget's place is free")
{
    asio::io_context loop{1};
    std::string said = GENERATE("", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    bool answers = false;
    int asked = 0;
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     co_await p.request();
                                     ++asked;
                                     if (answers)
                                         said = test::answer("ok");
                                     co_await p.say(said);
                                     co_await p.gone();
                                 }};
    auto s = test::quick_settings();
    s.budget.connections = 1;
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        request const rq{.url = server.url()};
        running first{loop, client, rq};
        running waiting{loop, client, rq}; // for the one connection
        auto const arrived = co_await test::until([&] { return asked == 1; });
        CHECK(arrived);
        waiting.cancel();
        first.cancel();
        auto const ended = co_await test::until([&] { return first.ended && waiting.ended; });
        CHECK(ended);
        CHECK(first.aborted());
        CHECK(waiting.aborted());
        auto const closed = co_await test::until([&] { return server.open == 0; });
        CHECK(closed);
        answers = true;
        cookie_jar jar;
        auto const next = co_await client.send(rq, jar);
        CHECK(next);
        co_return true;
    };
    test::run(loop, scenario());
    CHECK(asked == 2);
}

TEST_CASE("cancel: during the TLS handshake the socket is closed")
{
    asio::io_context loop{1};
    test::loopback_server server{loop, [](test::peer& p) -> awaitable<void> { co_await p.gone(); }};
    http_client client{loop.get_executor(), test::quick_settings()};
    auto scenario = [&]() -> awaitable<bool> {
        request rq{.url = server.url()};
        rq.url.scheme = "https";
        running one{loop, client, rq};
        auto const arrived = co_await test::until([&] { return server.open == 1; });
        CHECK(arrived);
        one.cancel();
        auto const ended = co_await test::until([&] { return one.ended && server.open == 0; });
        CHECK(ended);
        CHECK(one.aborted());
        co_return true;
    };
    test::run(loop, scenario());
}

TEST_CASE("cancel: while the name is looked up, and while several addresses are tried")
{
    asio::io_context loop{1};
    asio::ip::udp::socket silent{loop, {asio::ip::address_v4::loopback(), 0}};
    auto s = test::quick_settings();
    s.dns_servers = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    s.budget.connections = 1;
    http_client client{loop.get_executor(), s};
    auto scenario = [&]() -> awaitable<bool> {
        request const rq{.url = parse_url("http://bugs.silent.test/").value()};
        for (int i = 0; i != 2; ++i) {
            running one{loop, client, rq};
            char query[512];
            if (i == 0) {
                auto const n = co_await silent.async_receive(asio::buffer(query), use_awaitable);
                CHECK(n > 0);
            }
            one.cancel();
            auto const ended = co_await test::until([&] { return one.ended; });
            CHECK(ended);
            CHECK(one.aborted());
        }
        co_return true;
    };
    test::run(loop, scenario());
}
