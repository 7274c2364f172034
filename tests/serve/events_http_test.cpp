#include "tests/serve/event_ground.hpp"

#include <limits>
#include <sys/resource.h>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;
using checkwatches::test::until;

namespace {

// Until it has heard so many events and where the stream stands, or the server has ended the connection.
awaitable<void> hear(http_client_end& client, heard& into, std::size_t events)
{
    while (into.events.size() < events || into.last_id.empty()) {
        char bytes[16 * 1024];
        auto const [ec, n] = co_await client.socket.async_read_some(asio::buffer(bytes), use_tuple);
        if (ec)
            break;
        client.buffer.append(bytes, n);
        auto const header = client.buffer.find("\r\n\r\n");
        if (header != std::string::npos)
            client.buffer.erase(0, header + 4);
        if (!client.buffer.starts_with("HTTP/"))
            into.read(std::exchange(client.buffer, {}));
    }
}

// A thousand connections have two thousand ends here.
void allow_descriptors(rlim_t count)
{
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(count, limit.rlim_max));
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

} // namespace

TEST_CASE("events: over HTTP a thousand clients are told the same, and close lets them go")
{
    allow_descriptors(2'300);
    http_ground h;
    event_ground e{quick(), &h.loop};
    h.handler.to = [&](http_request rq) -> awaitable<http_answer> {
        co_return e.hub->answer(std::string{rq.header("Last-Event-ID")}, {});
    };
    std::vector<heard> told(1'000);
    auto client = [&](heard& into) -> awaitable<void> {
        auto end = h.connect();
        co_await end.say(h.get("/events", "Last-Event-ID: 0\r\n"));
        co_await hear(end, into, std::numeric_limits<std::size_t>::max());
    };
    auto play = [&]() -> awaitable<void> {
        auto const have = [&](std::size_t count) {
            return std::ranges::all_of(told, [&](auto const& one) { return one.events.size() == count; });
        };
        bool const are_there = co_await until([&] { return have(1); });
        CHECK(are_there);
        CHECK(h.server->streams() == 1'000);
        e.hub->publish(pass_began_event, {"one"}, "{1}");
        e.change(2);
        bool const are_told = co_await until([&] { return have(4); });
        CHECK(are_told);
        e.hub->close();
    };
    auto test = [&]() -> awaitable<void> {
        std::vector<awaitable<void>> all;
        all.push_back(e.hub->run());
        for (auto& one : told)
            all.push_back(client(one));
        all.push_back(play());
        co_await join(std::move(all));
    };
    h.run(test());
    for (auto const& one : told)
        CHECK(one.all() == missed_all + std::string{"pass_began {1}; "} + changes(1, 2));
}

TEST_CASE("events: over HTTP a client that reads nothing is dropped, and holds up no other")
{
    http_settings settings;
    settings.reply_time = 200ms;
    http_ground h{settings};
    event_ground e{quick(), &h.loop};
    h.handler.to = [&](http_request) -> awaitable<http_answer> { co_return e.hub->answer("", {}); };
    constexpr std::size_t count = 600;
    heard told;
    auto play = [&]() -> awaitable<void> {
        auto slow = h.connect();
        auto quick_one = h.connect();
        co_await slow.say(h.get("/events"));
        co_await quick_one.say(h.get("/events"));
        co_await hear(quick_one, told, 0);
        bool const are_there = co_await until([&] { return h.server->streams() == 2; });
        CHECK(are_there);
        for (std::size_t i = 1; i <= count; ++i) {
            // Who reads is sent it at once, as it goes in one piece: then no pause of ours looks like a
            // client's.
            e.hub->publish(check_event, {"one"}, std::string(60'000, 'x'));
            co_await hear(quick_one, told, i);
        }
        CHECK(told.count("check") == count);
        bool const is_dropped = co_await until([&] { return h.server->streams() == 1; });
        CHECK(is_dropped);
        e.hub->publish(pass_ended_event, {"one"}, "{}");
        co_await hear(quick_one, told, count + 1);
        CHECK(told.events.back() == "pass_ended {}");
        e.hub->close();
    };
    auto test = [&]() -> awaitable<void> {
        std::vector<awaitable<void>> all;
        all.push_back(e.hub->run());
        all.push_back(play());
        co_await join(std::move(all));
    };
    h.run(test());
}
