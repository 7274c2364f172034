#include "tests/serve/http_ground.hpp"

#include <boost/asio/steady_timer.hpp>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;
using checkwatches::test::until;

namespace {

// Never ends by itself; says so when it ends.
awaitable<void> for_ever(bool& ended)
{
    struct mark {
        ~mark() { is = true; }
        bool& is;
    } const at_end{ended};
    asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
    co_await timer.async_wait(use_awaitable);
}

awaitable<http_answer> endless(http_stream& to)
{
    while (!to.is_closing()) {
        bool const is_taken = co_await to.write(std::string(64 * 1024, 'x'));
        if (!is_taken)
            break;
    }
    co_return http_answer{};
}

http_answer stream_of(std::function<awaitable<void>(http_stream&)> body)
{
    http_answer out;
    out.headers.emplace_back("Content-Type", "text/event-stream");
    out.stream = std::move(body);
    return out;
}

} // namespace

TEST_CASE("http server: a request that does not arrive in time is told so")
{
    http_settings settings;
    settings.request_time = 50ms;
    settings.grace = 50ms;
    http_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        for (auto const& part :
             {std::string{"G"},
              g.get("/").substr(0, 20),
              g.request("POST", "/", "Content-Length: 5\r\n") + "he"}) {
            auto const got = co_await g.ask(part);
            CHECK(status_of(got) == "408");
        }
        // Bytes that keep coming do not make it longer.
        auto client = g.connect();
        auto dripping = [&]() -> awaitable<void> {
            asio::steady_timer timer{g.loop};
            for (char const c : g.get("/" + std::string(2000, 'x'))) {
                error_code ec;
                client.socket.write_some(asio::buffer(&c, 1), ec);
                timer.expires_after(1ms);
                co_await timer.async_wait(use_awaitable);
                if (ec)
                    break;
            }
        };
        std::string got;
        auto hearing = [&]() -> awaitable<void> { got = co_await client.hear(); };
        std::vector<awaitable<void>> both;
        both.push_back(hearing());
        both.push_back(dripping());
        co_await join(std::move(both));
        CHECK(status_of(got) == "408");
    };
    g.run(test());
}

TEST_CASE("http server: a connection that says nothing is closed without a word")
{
    http_settings settings;
    settings.idle_time = 50ms;
    http_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto const at_once = co_await g.ask("");
        CHECK(at_once.empty());
        auto const after_one = co_await g.ask(g.get("/"));
        CHECK(body_of(after_one) == "GET / ");
    };
    g.run(test());
}

TEST_CASE("http server: a client that takes no answer is cut off")
{
    http_settings settings;
    settings.reply_time = 100ms;
    http_ground g{settings};
    g.handler.to = [](http_request) -> awaitable<http_answer> {
        http_answer out;
        out.body = std::string(32 << 20, 'x');
        co_return out;
    };
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.get("/"));
        bool const began = co_await until([&] { return !g.handler.asked.empty(); });
        CHECK(began);
        bool const is_gone = co_await until([&] { return g.server->connections() == 0; });
        CHECK(is_gone);
    };
    g.run(test());
}

TEST_CASE("http server: beyond the most connections a client is told to come back later")
{
    http_settings settings;
    settings.most_connections = 20;
    http_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        std::vector<http_client_end> held;
        for (int i = 0; i != 20; ++i) {
            held.push_back(g.connect());
            co_await held.back().say(g.get("/"));
            auto const got = co_await held.back().hear();
            CHECK(status_of(got) == "200");
        }
        auto const refused = co_await g.ask(g.get("/"));
        CHECK(status_of(refused) == "503");
        CHECK(has_line(refused, "Retry-After: 10"));
        CHECK(has_line(refused, "Connection: close"));
        held.pop_back();
        bool const is_less = co_await until([&] { return g.server->connections() < 20; });
        CHECK(is_less);
        auto const again = co_await g.ask(g.get("/", "Connection: close\r\n"));
        CHECK(status_of(again) == "200");
    };
    g.run(test());
}

TEST_CASE("http server: beyond the most streams a client is told to come back later")
{
    http_settings settings;
    settings.most_streams = 2;
    http_ground g{settings};
    std::array<bool, 8> ended{};
    std::size_t begun = 0;
    g.handler.to = [&](http_request) -> awaitable<http_answer> {
        auto& mine = ended[begun++];
        co_return stream_of([&mine](http_stream&) { return for_ever(mine); });
    };
    auto test = [&]() -> awaitable<void> {
        std::vector<http_client_end> held;
        for (int i = 0; i != 2; ++i) {
            held.push_back(g.connect());
            co_await held.back().say(g.get("/events"));
            auto const got = co_await held.back().hear();
            CHECK(status_of(got) == "200");
            CHECK(has_line(got, "Content-Type: text/event-stream"));
        }
        CHECK(g.server->streams() == 2);
        auto const refused = co_await g.ask(g.get("/events"));
        CHECK(status_of(refused) == "503");
        CHECK(has_line(refused, "Retry-After: 10"));
        // A client that goes ends its stream, which makes room.
        held.erase(held.begin());
        bool const is_less = co_await until([&] { return g.server->streams() == 1; });
        CHECK(is_less);
        CHECK(ended[0]);
        CHECK_FALSE(ended[1]);
        held.clear();
        bool const is_none = co_await until([&] { return g.server->streams() == 0; });
        CHECK(is_none);
    };
    g.run(test());
}

TEST_CASE("http server: a handler whose client goes is cancelled")
{
    http_settings settings;
    settings.grace = 20ms;
    http_ground g{settings};
    bool ended = false;
    g.handler.to = [&](http_request) -> awaitable<http_answer> {
        co_await for_ever(ended);
        co_return http_answer{};
    };
    auto test = [&]() -> awaitable<void> {
        for (bool const is_reset : {false, true}) {
            ended = false;
            auto const before = g.handler.asked.size();
            auto client = g.connect();
            co_await client.say(g.get("/"));
            bool const began = co_await until([&] { return g.handler.asked.size() > before; });
            CHECK(began);
            if (is_reset)
                client.socket.set_option(asio::socket_base::linger{true, 0});
            client.socket.close();
            bool const is_over = co_await until([&] { return ended && g.server->connections() == 0; });
            CHECK(is_over);
        }
    };
    g.run(test());
}

TEST_CASE("http server: a stream that nobody takes is cut off, and a talkative client's too")
{
    http_settings settings;
    settings.reply_time = 100ms;
    settings.grace = 50ms;
    http_ground g{settings};
    g.handler.to = [](http_request) -> awaitable<http_answer> {
        co_return stream_of([](http_stream& to) -> awaitable<void> { co_await endless(to); });
    };
    auto test = [&]() -> awaitable<void> {
        auto client = g.connect();
        co_await client.say(g.get("/"));
        bool const began = co_await until([&] { return g.server->streams() == 1; });
        CHECK(began);
        bool const is_gone = co_await until([&] { return g.server->connections() == 0; });
        CHECK(is_gone);
        bool ended = false;
        g.handler.to = [&](http_request) -> awaitable<http_answer> {
            co_return stream_of([&](http_stream&) { return for_ever(ended); });
        };
        auto const said = co_await g.ask(g.get("/") + std::string(200'000, 'x'));
        CHECK(status_of(said) == "200");
        CHECK(ended);
    };
    g.run(test());
}

TEST_CASE("http server: a stream that fails is logged and ends")
{
    http_ground g;
    g.handler.to = [](http_request) -> awaitable<http_answer> {
        co_return stream_of([](http_stream& to) -> awaitable<void> {
            co_await to.write("some");
            throw std::runtime_error{"a bug of ours"};
        });
    };
    auto test = [&]() -> awaitable<void> {
        auto const got = co_await g.ask(g.get("/"));
        CHECK(body_of(got) == "some");
        CHECK(g.log.lines == std::vector<std::string>{"a stream failed why=a bug of ours"});
    };
    g.run(test());
}

TEST_CASE("http server: stop ends idle connections, lets answers under way end, and tells streams")
{
    http_ground g;
    bool release = false;
    g.handler.to = [&](http_request rq) -> awaitable<http_answer> {
        if (rq.path == "/stream")
            co_return stream_of([](http_stream& to) -> awaitable<void> {
                co_await until([&] { return to.is_closing(); });
                co_await to.write("bye");
            });
        bool const is_over = co_await until([&] { return release; });
        CHECK(is_over);
        co_return co_await canned_handler::echo(std::move(rq));
    };
    std::string idle{"?"};
    std::string answered;
    std::string streamed;
    auto test = [&]() -> awaitable<void> {
        auto one = g.connect();
        auto two = g.connect();
        auto three = g.connect();
        co_await two.say(g.get("/answer"));
        co_await three.say(g.get("/stream"));
        bool const began = co_await until(
            [&] { return g.handler.asked.size() == 2 && g.server->connections() == 3; });
        CHECK(began);
        g.server->stop();
        idle = co_await one.hear_out();
        release = true;
        answered = co_await two.hear_out();
        streamed = co_await three.hear_out();
    };
    g.run(test());
    CHECK(idle.empty());
    CHECK(body_of(answered) == "GET /answer ");
    CHECK(has_line(answered, "Connection: close"));
    CHECK(body_of(streamed) == "bye");
}

TEST_CASE("http server: who does not end within the linger is cut off")
{
    http_settings settings;
    settings.linger = 50ms;
    http_ground g{settings};
    bool ended = false;
    g.handler.to = [&](http_request) -> awaitable<http_answer> {
        co_await for_ever(ended);
        co_return http_answer{};
    };
    auto client = g.connect();
    auto test = [&]() -> awaitable<void> {
        co_await client.say(g.get("/"));
        bool const began = co_await until([&] { return g.handler.asked.size() == 1; });
        CHECK(began);
    };
    g.run(test());
    CHECK(ended);
    CHECK(g.log.lines == std::vector<std::string>{"HTTP clients were cut off clients=1"});
}

TEST_CASE("http server: many connections at once are all answered")
{
    http_ground g;
    auto test = [&]() -> awaitable<void> {
        std::vector<http_client_end> clients;
        for (int i = 0; i != 400; ++i)
            clients.push_back(g.connect());
        int good = 0;
        auto one = [&](http_client_end& client, int number) -> awaitable<void> {
            for (int round = 0; round != 3; ++round) {
                auto const path = "/" + std::to_string(number) + "/" + std::to_string(round);
                co_await client.say(g.get(path));
                auto const got = co_await client.hear();
                good += body_of(got) == "GET " + path + " ";
            }
        };
        std::vector<awaitable<void>> all;
        for (int i = 0; i != 400; ++i)
            all.push_back(one(clients[static_cast<std::size_t>(i)], i));
        co_await join(std::move(all));
        CHECK(good == 1200);
        CHECK(g.server->connections() == 400);
    };
    g.run(test());
}
