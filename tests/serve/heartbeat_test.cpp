#include "engine/serve/heartbeat.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <catch2/catch.hpp>

#include <deque>

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace std::chrono_literals;

namespace {

// Time that passes only while somebody sleeps; ends the test after so many sleeps.
class quick_clock final : public clock {
public:
    explicit quick_clock(int sleeps) : left_{sleeps} {}

    utc_time now() const override { return utc_time{up_}; }
    duration up() const override { return up_; }
    awaitable<void> sleep(duration span) const override
    {
        up_ += span;
        if (left_-- == 0)
            throw boost::system::system_error{asio::error::operation_aborted};
        co_return;
    }

private:
    mutable duration up_{};
    mutable int left_;
};

class canned_client final : public net::client {
public:
    explicit canned_client(std::deque<result<net::response>> answers) : answers_{std::move(answers)} {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar&) override
    {
        asked.push_back(rq.method + " " + rq.url.text());
        auto answer = std::move(answers_.front());
        answers_.pop_front();
        co_return answer;
    }

    std::vector<std::string> asked;

private:
    std::deque<result<net::response>> answers_;
};

class noted_log final : public logger {
public:
    void write(log_level, std::string_view event, std::initializer_list<log_field>) override
    {
        events.emplace_back(event);
    }
    std::vector<std::string> events;
};

// Beats so many times and returns how that ended: by the clock's last sleep.
void beat(canned_client& client, noted_log& log, int times, std::function<movement()> const& look)
{
    quick_clock const time{times};
    heartbeat heart{client, time, log, *parse_url("https://dead.example.org/ping/1"), 60s};
    auto run = [&]() -> awaitable<bool> {
        co_await heart.run(look);
        co_return true;
    };
    CHECK_THROWS_AS(test::run(run()), boost::system::system_error);
}

} // namespace

TEST_CASE("the heartbeat calls after each minute of progress, and only then")
{
    net::response const fine{.status = 200};
    canned_client client{{fine, fine, fine}};
    noted_log log;
    int looks = 0;
    auto const look = [&] {
        // The first look is before the first minute; in the third minute the writer stands still.
        ++looks;
        auto const t = utc_time{std::chrono::minutes{looks}};
        return movement{
            .scheduler = t, .writer = looks == 4 ? utc_time{std::chrono::minutes{3}} : t, .network = t};
    };
    beat(client, log, 4, look);
    CHECK(client.asked == std::vector<std::string>(3, "GET https://dead.example.org/ping/1"));
    CHECK(log.events.empty());
}

TEST_CASE("a heartbeat that fails is told once, and goes on")
{
    net::response const fine{.status = 204};
    error const broken{.kind = error_kind::connect_failed, .message = "no route"};
    canned_client client{{broken, broken, net::response{.status = 500}, fine, fine, broken}};
    noted_log log;
    int looks = 0;
    auto const look = [&] {
        auto const t = utc_time{std::chrono::minutes{++looks}};
        return movement{t, t, t};
    };
    beat(client, log, 6, look);
    CHECK(client.asked.size() == 6);
    CHECK(
        log.events
        == std::vector<std::string>{
            "the heartbeat fails", "the heartbeat succeeds again", "the heartbeat fails"});
}
