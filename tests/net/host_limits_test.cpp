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

// Answers every request with what `text` says then.
test::loopback_server::script saying(std::string const& text, int& asked)
{
    return [&](test::peer& p) -> awaitable<void> {
        for (;;) {
            auto const rq = co_await p.request();
            if (rq.empty())
                co_return;
            ++asked;
            co_await p.say(text);
        }
    };
}

struct fixture {
    explicit fixture(budget_settings const& b = {})
        : server{loop, saying(text, asked)},
          client{loop.get_executor(), with(b)}
    {}

    static settings with(budget_settings const& b)
    {
        auto s = test::quick_settings();
        s.budget = b;
        return s;
    }

    result<response> send(std::string const& key = "")
    {
        request rq{.url = server.url()};
        if (!key.empty())
            rq.login = login{
                .place = login::where::header,
                .name = "X-Key",
                .who = {.origin = rq.url.origin(), .value = secret{key}}};
        return test::run(loop, client.send(rq, jar));
    }

    asio::io_context loop{1};
    std::string text = test::answer("ok");
    int asked = 0;
    test::loopback_server server;
    http_client client;
    cookie_jar jar;
};

} // namespace

TEST_CASE("host limits: no more connections than the budget has")
{
    asio::io_context loop{1};
    std::size_t waiting = 0;
    bool go = false;
    test::loopback_server server{loop, [&](test::peer& p) -> awaitable<void> {
                                     for (;;) {
                                         auto const rq = co_await p.request();
                                         if (rq.empty())
                                             co_return;
                                         ++waiting;
                                         co_await test::until([&] { return go; });
                                         co_await p.say(test::answer("ok"));
                                     }
                                 }};
    http_client client{loop.get_executor(), test::quick_settings()};
    client.set_budget(server.url().origin(), {.connections = 3});
    cookie_jar jar;
    int done = 0;
    auto one = [&]() -> awaitable<void> {
        request const rq{.url = server.url()};
        auto const got = co_await client.send(rq, jar);
        CHECK(got);
        ++done;
    };
    for (int i = 0; i != 12; ++i)
        asio::co_spawn(loop, one(), [](std::exception_ptr) {});
    auto scenario = [&]() -> awaitable<bool> {
        auto const full = co_await test::until([&] { return waiting == 3; });
        CHECK(full);
        go = true;
        co_return co_await test::until([&] { return done == 12; });
    };
    CHECK(test::run(loop, scenario()));
    CHECK(server.most_open == 3);
    CHECK(server.accepted == 3);
}

TEST_CASE("host limits: 429 is an error, and the next request is deferred without being sent")
{
    struct row {
        std::string headers;
        std::chrono::seconds wait;
    };
    for (auto const& [headers, wait] :
         {row{"Retry-After: 120\r\n", 120s},
          row{"", 60s},
          row{"X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 90\r\n", 90s},
          row{"Date: Tue, 04 Mar 2031 05:06:00 GMT\r\nRetry-After: Tue, 04 Mar 2031 05:07:00 GMT\r\n",
              60s}}) {
        INFO(headers);
        fixture f;
        f.text = test::answer("slow down", headers, "429 Too Many Requests");
        auto const limited = f.send();
        REQUIRE(limited.has_error());
        CHECK(limited.error().kind == error_kind::rate_limited);
        // What the server did not say is not put into its mouth.
        CHECK(limited.error().retry_after == (headers.empty() ? std::nullopt : std::optional{wait}));
        auto const deferred = f.send();
        REQUIRE(deferred.has_error());
        CHECK(deferred.error().kind == error_kind::deferred);
        REQUIRE(deferred.error().retry_after);
        CHECK(deferred.error().retry_after <= wait);
        CHECK(deferred.error().retry_after > wait - 40s);
        CHECK(f.asked == 1);
    }
}

TEST_CASE("host limits: a 429 is of its credential only")
{
    fixture f;
    f.text = test::answer("slow down", "Retry-After: 120\r\n", "429 Too Many Requests");
    CHECK(f.send("hunter2").error().kind == error_kind::rate_limited);
    f.text = test::answer("ok");
    CHECK(f.send());
    CHECK(f.send("other"));
    auto const deferred = f.send("hunter2");
    REQUIRE(deferred.has_error());
    CHECK(deferred.error().kind == error_kind::deferred);
    CHECK(to_string(deferred.error()).find("hunter2") == std::string::npos);
}

TEST_CASE("host limits: a 403 that speaks of a rate limit is one")
{
    fixture f;
    f.text = test::answer("secondary limit", "Retry-After: 120\r\n", "403 Forbidden");
    auto const limited = f.send();
    REQUIRE(limited.has_error());
    CHECK(limited.error().kind == error_kind::rate_limited);
    CHECK(limited.error().retry_after == 120s);
    CHECK(f.send().error().kind == error_kind::deferred);
    CHECK(f.asked == 1);

    fixture plain;
    plain.text = test::answer("not for you", "X-RateLimit-Remaining: 12\r\n", "403 Forbidden");
    auto const closed = plain.send();
    REQUIRE(closed);
    CHECK(closed->status == 403);
}

TEST_CASE("host limits: 503 with Retry-After is an answer that holds back the next requests")
{
    fixture f;
    CHECK(f.send("key"));
    f.text = test::answer("maintenance", "Retry-After: 300\r\n", "503 Service Unavailable");
    auto const down = f.send();
    REQUIRE(down);
    CHECK(down->status == 503);
    CHECK(f.send().error().kind == error_kind::deferred);
    CHECK(f.send("key").error().kind == error_kind::deferred);
    CHECK(f.asked == 2);

    fixture plain;
    plain.text = test::answer("broken", "", "503 Service Unavailable");
    CHECK(plain.send());
    CHECK(plain.send());
}

TEST_CASE("host limits: a used up rate limit holds back the next requests")
{
    fixture f;
    f.text = test::answer("the last one", "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 600\r\n");
    CHECK(f.send());
    CHECK(f.send().error().kind == error_kind::deferred);
    CHECK(f.asked == 1);
}

TEST_CASE("host limits: what the host says is left is kept to where it does not say more, and a 304 is free")
{
    fixture f;
    f.text = test::answer("ok", "x-ratelimit-remaining: 2\r\nx-ratelimit-reset: 600\r\n");
    CHECK(f.send());
    f.text = "HTTP/1.1 304 Not Modified\r\n\r\n";
    for (int i = 0; i != 5; ++i) {
        auto const same = f.send();
        REQUIRE(same);
        CHECK(same->status == 304);
    }
    f.text = test::answer("ok");
    CHECK(f.send());
    CHECK(f.send());
    auto const deferred = f.send();
    REQUIRE(deferred.has_error());
    CHECK(deferred.error().kind == error_kind::deferred);
    CHECK(f.send("other")); // has a limit of its own
    CHECK(f.asked == 9);
}

TEST_CASE("host limits: where a 304 says what is left, that counts")
{
    fixture f;
    f.text = "HTTP/1.1 304 Not Modified\r\nx-ratelimit-remaining: 1\r\nx-ratelimit-reset: 600\r\n\r\n";
    CHECK(f.send());
    CHECK(f.send());
    f.text = test::answer("ok");
    CHECK(f.send());
    CHECK(f.send().error().kind == error_kind::deferred);
    CHECK(f.asked == 3);
}

TEST_CASE("host limits: a short wait is waited")
{
    fixture f;
    f.text = test::answer("slow down", "Retry-After: 1\r\n", "429 Too Many Requests");
    auto const began = std::chrono::steady_clock::now();
    CHECK(f.send().error().kind == error_kind::rate_limited);
    f.text = test::answer("ok");
    auto const later = f.send();
    auto const ended = std::chrono::steady_clock::now();
    REQUIRE(later);
    CHECK(f.asked == 2);
    CHECK(ended - began >= 1s);
    // The wait is the budget's, not the request's.
    CHECK(ended - later->elapsed >= began + 1s);
}

TEST_CASE("host limits: what a host may be asked, and what is left of its own limit, is told")
{
    fixture f{{.connections = 3, .requests_per_second = 100}};
    auto const origin = f.server.url().origin();
    CHECK(f.client.limits_of(origin).budget.connections == 3);
    CHECK_FALSE(f.client.limits_of(origin).announced);
    f.text =
        "HTTP/1.1 200 OK\r\nX-RateLimit-Limit: 60\r\nX-RateLimit-Remaining: 58\r\nX-RateLimit-Reset: 90\r\n"
        "Content-Length: 2\r\n\r\nok";
    REQUIRE(f.send());
    auto const then = f.client.limits_of(origin);
    CHECK(then.in_use == 0);
    REQUIRE(then.announced);
    CHECK(then.announced->remaining == 58);
    CHECK(then.announced->limit == 60);
    CHECK(then.announced->reset > then.announced->at + 85s);
    f.client.set_budget(origin, {.connections = 1});
    CHECK(f.client.limits_of(origin).budget.connections == 1);
    f.client.set_budget("https://never.asked.example", {.connections = 7});
    CHECK(f.client.limits_of("https://never.asked.example").budget.connections == 7);
    CHECK(f.client.limits_of("https://nobody.example").budget.connections == 3);
}
