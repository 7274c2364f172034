#include "engine/remote/bound_remote.hpp"
#include "engine/remote/retry.hpp"
#include "tests/support/canned_remote.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <set>

using namespace checkwatches;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

failure failed(error_kind kind, std::optional<std::chrono::seconds> retry_after = {})
{
    return {.kind = kind, .retry_after = retry_after};
}

failure answered(unsigned status, error_kind kind, std::optional<std::chrono::seconds> retry_after = {})
{
    return {.kind = kind, .status = status, .retry_after = retry_after};
}

result<net::response> reply(unsigned status, std::string retry_after = {})
{
    net::response out{.status = status, .headers{{"Content-Type", "text/html"}}, .body = "<html>"};
    if (!retry_after.empty())
        out.headers.emplace_back("Retry-After", std::move(retry_after));
    return out;
}

result<net::response> fails(error_kind kind, std::optional<std::chrono::seconds> retry_after = {})
{
    return error{.kind = kind, .message = "so it is", .retry_after = retry_after};
}

// A network that answers by a script.
class scripted_client final : public net::client {
public:
    explicit scripted_client(std::deque<result<net::response>> script) : script_{std::move(script)} {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar&) override
    {
        sent.push_back(rq);
        auto next = std::move(script_.front());
        script_.pop_front();
        if (next)
            next->url = rq.url;
        co_return next;
    }

    std::vector<net::request> sent;

private:
    std::deque<result<net::response>> script_;
};

// Sleeps without waiting, and remembers for how long.
class noting_clock final : public clock {
public:
    utc_time now() const override { return {}; }
    duration up() const override { return {}; }
    awaitable<void> sleep(duration span) const override
    {
        slept.push_back(span);
        co_return;
    }
    mutable std::vector<duration> slept;
};

struct asked {
    std::vector<result<adapters::reply>> answers;
    std::vector<clock::duration> slept;
    std::vector<net::request> sent;
    std::size_t requests{};
    std::size_t left{};
};

// What comes of so many questions.
asked ask(std::deque<result<net::response>> script, std::size_t questions = 1, std::size_t budget = 5)
{
    scripted_client net{std::move(script)};
    noting_clock time;
    retry_budget left{budget};
    bound_remote at{
        net,
        remote_binding{.base = parse_url("https://bugs.example.org").value()},
        retrying{.left = left, .time = time, .random01 = [] { return 0.5; }}};
    asked out;
    for (std::size_t i = 0; i != questions; ++i) {
        adapters::request rq{.method = "POST", .url = at.base(), .body = "what?"};
        out.answers.push_back(test::run(at.ask(std::move(rq))));
    }
    out.slept = time.slept;
    out.sent = net.sent;
    out.requests = at.requests();
    out.left = left.left();
    return out;
}

} // namespace

TEST_CASE("retry: only what can pass is tried again")
{
    std::set<error_kind> const transient{error_kind::connect_failed, error_kind::timeout};
    for (int i = 0; i <= static_cast<int>(error_kind::storage); ++i) {
        auto const kind = static_cast<error_kind>(i);
        INFO(word(kind));
        CHECK(retry_delay({}, failed(kind), 1, 0.5).has_value() == transient.contains(kind));
    }
    CHECK(retry_delay({}, answered(502, error_kind::protocol_error), 1, 0.5));
    CHECK(retry_delay({}, answered(503, error_kind::maintenance), 1, 0.5));
    CHECK(retry_delay({}, answered(504, error_kind::protocol_error), 1, 0.5));
    CHECK_FALSE(retry_delay({}, answered(500, error_kind::protocol_error), 1, 0.5));
    CHECK_FALSE(retry_delay({}, answered(503, error_kind::bot_wall), 1, 0.5));
    CHECK_FALSE(retry_delay({}, answered(503, error_kind::bot_wall, 1s), 1, 0.5));
}

TEST_CASE("retry: the wait is drawn below a bound that doubles")
{
    retry_policy const policy{.attempts = 100, .first_delay = 2s, .most_delay = 15s};
    auto const how = failed(error_kind::timeout);
    CHECK(retry_delay(policy, how, 1, 0.0) == 0ms);
    CHECK(retry_delay(policy, how, 1, 0.25) == 500ms);
    CHECK(retry_delay(policy, how, 1, 1.0) == 2s);
    CHECK(retry_delay(policy, how, 2, 1.0) == 4s);
    CHECK(retry_delay(policy, how, 3, 1.0) == 8s);
    CHECK(retry_delay(policy, how, 4, 1.0) == 15s);
    CHECK(retry_delay(policy, how, 99, 1.0) == 15s);
    CHECK_FALSE(retry_delay(policy, how, 100, 1.0));
    CHECK_FALSE(retry_delay({.attempts = 1}, how, 1, 0.5));
}

TEST_CASE("retry: a time that the tracker named wins, and a long one is left to others")
{
    CHECK(retry_delay({}, failed(error_kind::rate_limited, 12s), 1, 0.1) == 12s);
    CHECK(retry_delay({}, failed(error_kind::rate_limited, 12s), 2, 0.1) == 12s);
    CHECK(retry_delay({}, answered(503, error_kind::maintenance, 15s), 1, 0.1) == 15s);
    CHECK_FALSE(retry_delay({}, answered(503, error_kind::maintenance, 16s), 1, 0.1));
    CHECK_FALSE(retry_delay({}, failed(error_kind::rate_limited, 60s), 1, 0.1));
    CHECK(retry_delay({.longest_wait = 1min}, failed(error_kind::rate_limited, 60s), 1, 0.1) == 1min);
}

TEST_CASE("retry: a block that names no time is not poked")
{
    CHECK_FALSE(retry_delay({}, failed(error_kind::rate_limited), 1, 0.5));
    CHECK(retry_delay({}, failed(error_kind::rate_limited, 1s), 1, 0.5));
    auto const blocked = ask({fails(error_kind::rate_limited)});
    CHECK(blocked.answers.front().error().kind == error_kind::rate_limited);
    CHECK(blocked.requests == 1);
    CHECK(blocked.left == 5);
}

TEST_CASE("retry: what an answer fails with")
{
    CHECK_FALSE(failure_of(test::canned(200, "text/html", "<html>")));
    CHECK_FALSE(failure_of(test::canned(404, "text/html", "<html>")));
    CHECK_FALSE(failure_of(test::canned(500, "text/html", "<html>")));
    CHECK(failure_of(test::canned(502, "text/html", "<html>")) == answered(502, error_kind::protocol_error));
    auto busy = test::canned(503, "text/html", "<html>");
    busy.headers.emplace_back("retry-after", "7");
    CHECK(failure_of(busy) == answered(503, error_kind::maintenance, 7s));
    auto const wall = test::canned(503, "text/html", "<html><title>Just a moment...</title>");
    CHECK(failure_of(wall) == answered(503, error_kind::bot_wall));
    result<adapters::reply> const lost = error{.kind = error_kind::timeout};
    CHECK(failure_of(lost) == failed(error_kind::timeout));
}

TEST_CASE("retry: a tracker that recovers has answered")
{
    auto const got = ask({reply(503, "2"), fails(error_kind::connect_failed), reply(200)});
    REQUIRE(got.answers.front());
    CHECK(got.answers.front()->status == 200);
    CHECK(got.slept == std::vector<clock::duration>{2s, 1s});
    CHECK(got.requests == 3);
    CHECK(got.left == 3);
    // The same question each time.
    for (auto const& rq : got.sent) {
        CHECK(rq.method == "POST");
        CHECK(rq.body == "what?");
    }
}

TEST_CASE("retry: what lasts goes up as it was at last")
{
    auto const lost = ask({reply(502), reply(503), fails(error_kind::timeout)});
    REQUIRE(lost.answers.front().has_error());
    CHECK(lost.answers.front().error().kind == error_kind::timeout);
    CHECK(lost.requests == 3);

    auto const down = ask({reply(503, "3600")});
    REQUIRE(down.answers.front());
    CHECK(down.answers.front()->header("Retry-After") == "3600");
    CHECK(down.slept.empty());

    auto const limited = ask({fails(error_kind::rate_limited, 60s)});
    CHECK(limited.answers.front().error().retry_after == 60s);
    CHECK(limited.requests == 1);
}

TEST_CASE("retry: all requests of a pass share what may be tried again")
{
    auto const bad = reply(502);
    auto const got = ask({bad, bad, bad, bad, bad, bad}, 3, 3);
    CHECK(got.requests == 6); // three, two, one
    CHECK(got.left == 0);
}

TEST_CASE("retry: a wait ends with the work that it belongs to")
{
    test::manual_clock time;
    retry_budget left{5};
    scripted_client net{{fails(error_kind::timeout)}};
    bound_remote at{
        net,
        remote_binding{.base = parse_url("https://bugs.example.org").value()},
        retrying{.left = left, .time = time, .random01 = [] { return 1.0; }}};

    asio::io_context loop{1};
    asio::cancellation_signal stop;
    std::exception_ptr how_it_ended;
    asio::co_spawn(
        loop,
        at.ask({.url = at.base()}),
        asio::bind_cancellation_slot(
            stop.slot(), [&](std::exception_ptr e, result<adapters::reply>) { how_it_ended = e; }));
    loop.poll();
    REQUIRE(time.sleepers() == 1);
    CHECK(time.next() == 1s);
    stop.emit(asio::cancellation_type::terminal);
    loop.poll();
    CHECK(how_it_ended);
    CHECK(time.sleepers() == 0);
    CHECK(net.sent.size() == 1);
}
