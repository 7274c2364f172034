#include "tests/feed/dispatch.hpp"
#include "tests/support/print.hpp"

#include <atomic>
#include <stdexcept>

namespace checkwatches::feed {

TEST_CASE("A sink that cannot be reached is waited for, without end, and misses nothing", "[feed]")
{
    dispatch office;
    office.change(4);
    auto const sink = std::make_shared<scripted_sink>(2);
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (sink->calls < 20)
            return {.trouble = error{.kind = error_kind::connect_failed, .message = "nobody is there"}};
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    storage::sink_record meanwhile;
    office.run_until([&] {
        if (sink->calls == 12)
            meanwhile = office.record();
        return sink->taken.size() == 4;
    });
    CHECK(sink->taken == numbers(1, 4));
    CHECK(meanwhile.failing_since);
    CHECK(meanwhile.tries >= 10);
    CHECK_THAT(meanwhile.trouble, Catch::Contains("nobody is there"));
    CHECK(office.parked().empty());
    CHECK_FALSE(office.record().failing_since);
    CHECK(office.record().tries == 0);
    CHECK(office.log.count("a sink fails") == 1);
    CHECK(office.log.count("a sink takes events again") == 1);
}

TEST_CASE("What of a batch was confirmed is not told again", "[feed]")
{
    dispatch office;
    office.change(6);
    auto const sink = std::make_shared<scripted_sink>(6);
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (sink->calls == 1)
            return {
                .confirmed = 4, .trouble = error{.kind = error_kind::timeout, .message = "and then silence"}};
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    office.run_until([&] { return sink->taken.size() == 6; });
    CHECK(sink->taken == numbers(1, 6));
    CHECK(sink->calls == 2);
}

TEST_CASE("An event that is refused is parked after some tries, and told again by command", "[feed]")
{
    dispatch office;
    office.change(5);
    auto const sink = std::make_shared<scripted_sink>(2);
    bool is_mended = false;
    int refusals = 0;
    sink->script = [&](std::vector<event> const& events) -> delivery {
        for (std::size_t i = 0; i != events.size(); ++i)
            if (events[i].id() == 3 && !is_mended) {
                ++refusals;
                return {
                    .confirmed = i,
                    .trouble = error{.kind = error_kind::unparsable, .message = "I choke on this"},
                    .is_refusal = true};
            }
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    bool asked = false;
    office.run_until([&] {
        if (sink->taken.size() == 4 && !std::exchange(asked, true)) {
            CHECK(sink->taken == std::vector<std::int64_t>{1, 2, 4, 5});
            auto const aside = office.parked();
            REQUIRE(aside.size() == 1);
            CHECK(aside[0].id == 3);
            CHECK(aside[0].tries == 5);
            CHECK_THAT(aside[0].why, Catch::Contains("I choke on this"));
            is_mended = true;
            auto work = [](courier& all) -> awaitable<void> {
                auto const n = co_await all.retry("scripted", std::nullopt);
                CHECK(n.value() == 1);
                auto const none = co_await all.retry("scripted", 99);
                CHECK_FALSE(none);
            };
            asio::co_spawn(office.loop, work(*office.all), asio::detached);
        }
        return office.record().changes == 5 && sink->taken.size() == 5 && office.parked().empty();
    });
    CHECK(refusals == 5);
    CHECK(sink->taken == std::vector<std::int64_t>{1, 2, 4, 5, 3});
    CHECK(office.log.count("an event was parked") == 1);
    CHECK_FALSE(office.record().failing_since);
}

TEST_CASE("A sink that takes nothing at all has not everything parked", "[feed]")
{
    dispatch office;
    office.settings.most_parked = 3;
    office.settings.most_refusals = 2;
    office.open();
    office.change(9);
    auto const sink = std::make_shared<scripted_sink>();
    sink->script = [](auto const&) -> delivery {
        return {
            .trouble = error{.kind = error_kind::forbidden, .message = "who are you?"}, .is_refusal = true};
    };
    office.serve(sink);
    office.run_until([&] { return sink->calls >= 20; });
    CHECK(office.parked().size() == 3);
    CHECK(office.record().changes == 3);
    CHECK(office.record().failing_since);
}

TEST_CASE("An event that a sink cannot even put into words is parked as one that is refused", "[feed]")
{
    dispatch office;
    office.change(4);
    auto const sink = std::make_shared<scripted_sink>();
    sink->script = [](std::vector<event> const& events) -> delivery {
        if (events.front().id() == 2)
            throw std::runtime_error{"no words for it"};
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    office.run_until([&] { return sink->taken.size() == 3; });
    CHECK(sink->taken == std::vector<std::int64_t>{1, 3, 4});
    auto const aside = office.parked();
    REQUIRE(aside.size() == 1);
    CHECK_THAT(aside[0].why, Catch::Contains("no words for it"));
}

TEST_CASE("A sink whose events cannot be read fails, and says so, until they can", "[feed]")
{
    dispatch office;
    office.settings.look_every = 1ms;
    std::atomic<bool> is_broken = true; // the reader has a thread of its own
    office.open([&] {
        if (is_broken)
            throw std::runtime_error{"the page is torn"};
    });
    office.change(2);
    auto const sink = std::make_shared<scripted_sink>();
    office.serve(sink);
    storage::sink_record meanwhile;
    office.run_until([&] {
        if (is_broken && office.record().failing_since) {
            meanwhile = office.record();
            is_broken = false;
        }
        return sink->taken.size() == 2;
    });
    CHECK_THAT(meanwhile.trouble, Catch::Contains("the page is torn"));
    CHECK_FALSE(office.record().failing_since);
    CHECK(office.record().trouble.empty());
}

TEST_CASE("A sink that wants no more is left alone until somebody says otherwise", "[feed]")
{
    dispatch office;
    office.change(3);
    auto const sink = std::make_shared<scripted_sink>();
    bool is_over = true;
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (is_over)
            return {
                .trouble = error{.kind = error_kind::gone, .message = "HTTP status 410"}, .is_over = true};
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    int looks = 0;
    office.run_until([&] {
        if (sink->calls == 1 && office.record().failing_since && ++looks == 30) {
            is_over = false;
            auto work = [](courier& all) -> awaitable<void> { co_await all.retry("scripted", std::nullopt); };
            asio::co_spawn(office.loop, work(*office.all), asio::detached);
        }
        return sink->taken.size() == 3;
    });
    CHECK(looks >= 30);
    CHECK(sink->taken == numbers(1, 3));
}

TEST_CASE("What a sink stands at can be skipped by command", "[feed]")
{
    dispatch office;
    office.settings.first_delay = office.settings.most_delay = 1h;
    office.open();
    office.change(3);
    auto const sink = std::make_shared<scripted_sink>();
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (events.front().id() == 2)
            return {.trouble = error{.kind = error_kind::timeout, .message = "no answer"}};
        return {.confirmed = events.size()};
    };
    office.serve(sink);
    bool is_skipped = false;
    auto skip = [](courier& all) -> awaitable<void> {
        auto const another = co_await all.skip("another");
        CHECK_FALSE(another);
        auto const skipped = co_await all.skip("scripted");
        CHECK(skipped);
    };
    office.run_until([&] {
        if (sink->calls == 2 && office.record().failing_since && !std::exchange(is_skipped, true))
            asio::co_spawn(office.loop, skip(*office.all), asio::detached);
        return sink->taken.size() == 2;
    });
    auto once_more = [](courier& all) -> awaitable<result<void>> { co_return co_await all.skip("scripted"); };
    CHECK_FALSE(run(office.loop, once_more(*office.all))); // it is in no trouble any more
    CHECK(sink->taken == std::vector<std::int64_t>{1, 3});
    REQUIRE(office.parked().size() == 1);
    CHECK(office.parked()[0].id == 2);
}

TEST_CASE("A sink that does not answer in time is cut off when nobody stays", "[feed]")
{
    dispatch office;
    office.change(1);
    auto const sink = std::make_shared<scripted_sink>();
    sink->hangs_at = 1;
    auto once = [](dispatch& self) -> awaitable<bool> {
        co_await self.all->run_once(20ms);
        co_return true;
    };
    office.serve(sink);
    run(office.loop, once(office));
    CHECK(office.record().changes == 0);
}

TEST_CASE("One sink's trouble delays no other", "[feed]")
{
    dispatch office;
    office.change(3);
    auto const stuck = std::make_shared<scripted_sink>();
    stuck->name_ = "stuck";
    stuck->hangs_at = 1;
    auto const sink = std::make_shared<scripted_sink>();
    std::vector<served_sink> sinks;
    sinks.push_back({.to = stuck, .from = 0});
    sinks.push_back({.to = sink, .from = 0});
    office.settings.linger = 1ms;
    office.open();
    office.all->serve(std::move(sinks));
    office.run_until([&] { return sink->taken.size() == 3; });
    CHECK(stuck->taken.empty());
}

} // namespace checkwatches::feed
