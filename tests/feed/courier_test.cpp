#include "engine/feed/courier.hpp"
#include "tests/feed/scripted_sink.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <fmt/format.h>

#include <set>

namespace checkwatches::feed {
namespace {

using namespace std::chrono_literals;
using checkwatches::test::run;
using storage::test::at;

// What the courier says, a line each.
class noted final : public logger {
public:
    void write(log_level, std::string_view event, std::initializer_list<log_field>) override
    {
        lines.emplace_back(event);
    }
    std::size_t count(std::string_view event) const
    {
        return static_cast<std::size_t>(std::ranges::count(lines, event));
    }

    std::vector<std::string> lines{};
};

// A database with some bugs, and a courier over it that waits but briefly.
struct post_office {
    storage::test::scratch here{};
    asio::io_context loop{1};
    machine_clock time{};
    noted log{};
    std::vector<storage::bug_id> bugs{};
    std::unique_ptr<storage::writer> out{};
    std::unique_ptr<storage::background_reader> in{};
    std::unique_ptr<courier> all{};
    courier_settings settings{.look_every = 1h, .first_delay = 1ms, .most_delay = 4ms};

    explicit post_office(int count = 3)
    {
        auto s = storage::test::open_store(here.path());
        bugs = storage::test::add_bugs(*s, "bugs.example.org", count);
        out = std::make_unique<storage::writer>(std::move(s));
        in = std::make_unique<storage::background_reader>(storage::test::open_reader(here.path()));
        open();
    }

    void open()
    {
        all = std::make_unique<courier>(
            loop.get_executor(),
            courier_parts{
                .reader = *in,
                .writer = *out,
                .url_of = [](auto const&, auto const& base, auto const& id) { return base + "/" + id; },
                .time = time,
                .log = log},
            settings);
    }

    // `n` more changes, of the bugs in turn.
    void change(int n)
    {
        auto s = storage::test::open_store(here.path());
        s->in_transaction([&] {
            for (int i = 0; i != n; ++i)
                s->apply(storage::test::report_with_change(
                    bugs[static_cast<std::size_t>(i) % bugs.size()], fmt::format("{}", i)));
        });
    }

    void serve(std::shared_ptr<scripted_sink> to, std::optional<std::int64_t> from = 0, double rate = 0)
    {
        std::vector<served_sink> sinks;
        sinks.push_back({.to = std::move(to), .rate = rate, .from = from});
        all->serve(std::move(sinks));
    }

    // Runs the courier until `is_done`, which is asked every millisecond, then closes it.
    void run_until(std::function<bool()> is_done)
    {
        auto watch = [](post_office& self, std::function<bool()> done) -> awaitable<void> {
            while (!done())
                co_await self.time.sleep(1ms);
            self.all->close();
        };
        auto work = [](post_office& self) -> awaitable<bool> {
            co_await self.all->run();
            co_return true;
        };
        asio::co_spawn(loop, watch(*this, std::move(is_done)), asio::detached);
        run(loop, work(*this));
    }

    storage::sink_record record() const
    {
        auto const known = storage::test::open_reader(here.path())->sinks();
        return known.empty() ? storage::sink_record{} : known.front();
    }
    std::vector<storage::parked_event> parked() const
    {
        return storage::test::open_reader(here.path())->parked(std::nullopt, 100);
    }
};

std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last)
{
    std::vector<std::int64_t> out;
    for (auto i = first; i <= last; ++i)
        out.push_back(i);
    return out;
}

} // namespace

TEST_CASE("A sink is told every change once, in order, and stands behind the last", "[feed]")
{
    post_office office;
    office.change(7);
    auto const sink = std::make_shared<scripted_sink>(GENERATE(1, 3, 100));
    office.serve(sink);
    office.run_until([&] { return sink->taken.size() == 7; });
    CHECK(sink->taken == numbers(1, 7));
    CHECK(sink->last.url == "https://bugs.example.org//1");
    auto const stands = office.record();
    CHECK(stands.name == "scripted");
    CHECK(stands.changes == 7);
    CHECK(stands.delivered == 7);
    CHECK(stands.confirmed_at);
    CHECK_FALSE(stands.failing_since);
}

TEST_CASE("A new sink begins at the end of the log, or behind the change that was named", "[feed]")
{
    post_office office;
    office.change(5);
    auto const sink = std::make_shared<scripted_sink>();
    SECTION("at the end")
    {
        office.serve(sink, std::nullopt);
        bool told = false;
        office.run_until([&] {
            if (office.record().name.empty() || told)
                return sink->taken.size() == 2;
            told = true;
            office.change(2);
            office.all->changes_were_made();
            return false;
        });
        CHECK(sink->taken == numbers(6, 7));
    }
    SECTION("behind a change")
    {
        office.serve(sink, 3);
        office.run_until([&] { return sink->taken.size() == 2; });
        CHECK(sink->taken == numbers(4, 5));
    }
}

TEST_CASE("What a filter does not want is passed over, and the sink stands behind it", "[feed]")
{
    post_office office;
    office.change(9); // the third bug's are 3, 6 and 9
    {
        auto s = storage::test::open_store(office.here.path());
        s->add_watch(office.bugs[2], {.label = "curl", .source = "typed"}, at(0));
    }
    office.change(2);
    auto const sink = std::make_shared<scripted_sink>(2);
    sink->filter_.labels = {"curl"};
    office.serve(sink);
    office.run_until([&] { return office.record().changes == 11; });
    CHECK(sink->taken == std::vector<std::int64_t>{3, 6, 9});
    CHECK(office.record().delivered == 3);
}

TEST_CASE("A sink that cannot be reached is waited for, without end, and misses nothing", "[feed]")
{
    post_office office;
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
    post_office office;
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
    post_office office;
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
    post_office office;
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
    office.run_until([&] { return sink->calls == 20; });
    CHECK(office.parked().size() == 3);
    CHECK(office.record().changes == 3);
    CHECK(office.record().failing_since);
}

TEST_CASE("A sink that wants no more is left alone until somebody says otherwise", "[feed]")
{
    post_office office;
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
        if (sink->calls == 1 && ++looks == 30) {
            CHECK(office.record().failing_since);
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
    post_office office;
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

TEST_CASE("What was behind for a week comes at no more than the rate that was set", "[feed]")
{
    post_office office;
    office.change(1'000);
    auto const sink = std::make_shared<scripted_sink>();
    office.serve(sink, 0, 500);
    auto const began = office.time.up();
    office.run_until([&] { return sink->taken.size() == 1'000; });
    CHECK(office.time.up() - began >= 900ms); // a second's events may come at once
    CHECK(sink->taken == numbers(1, 1'000));
}

TEST_CASE("One that ends in the middle repeats what was not confirmed, with the same ids", "[feed]")
{
    post_office office;
    office.change(40);
    auto const cut = GENERATE(range(1, 12));
    std::vector<std::int64_t> told;
    std::set<std::pair<std::int64_t, std::string>> ids;
    // A courier that is cancelled while its sink has the events and has not said so.
    auto const first = std::make_shared<scripted_sink>(3);
    first->hangs_at = cut;
    office.serve(first);
    office.settings.linger = 1ms;
    office.open();
    office.serve(first);
    office.run_until([&] { return first->calls == cut; });
    auto const second = std::make_shared<scripted_sink>(3);
    office.open();
    office.serve(second);
    office.run_until([&] { return office.record().changes == 40; });
    for (auto const& sink : {first, second}) {
        ids.insert(sink->seen.begin(), sink->seen.end());
        for (auto const& [id, uuid] : sink->seen)
            told.push_back(id);
    }
    CHECK(ids.size() == 40); // an id has one uuid
    CHECK(second->seen.front().first == (cut - 1) * 3 + 1);
    CHECK(second->taken == numbers((cut - 1) * 3 + 1, 40));
    CHECK(told.size() <= 43);
}

TEST_CASE("A process that does not stay delivers what there is, and does not wait for who is away", "[feed]")
{
    post_office office;
    office.change(4);
    auto const sink = std::make_shared<scripted_sink>();
    bool is_away = true;
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (is_away)
            return {.trouble = error{.kind = error_kind::connect_failed, .message = "nobody is there"}};
        return {.confirmed = events.size()};
    };
    auto once = [](post_office& self) -> awaitable<bool> {
        co_await self.all->run_once(1min);
        co_return true;
    };
    office.serve(sink);
    run(office.loop, once(office));
    CHECK(sink->calls == 1);
    CHECK(office.record().failing_since);
    is_away = false;
    office.open();
    office.serve(sink);
    run(office.loop, once(office));
    CHECK(sink->taken == numbers(1, 4));
    CHECK_FALSE(office.record().failing_since);
}

TEST_CASE("A sink that does not answer in time is cut off when nobody stays", "[feed]")
{
    post_office office;
    office.change(1);
    auto const sink = std::make_shared<scripted_sink>();
    sink->hangs_at = 1;
    auto once = [](post_office& self) -> awaitable<bool> {
        co_await self.all->run_once(20ms);
        co_return true;
    };
    office.serve(sink);
    run(office.loop, once(office));
    CHECK(office.record().changes == 0);
}

TEST_CASE("Sinks come, change and go while the courier runs", "[feed]")
{
    post_office office;
    office.change(3);
    auto const first = std::make_shared<scripted_sink>();
    auto const second = std::make_shared<scripted_sink>();
    office.serve(first);
    int step = 0;
    std::shared_ptr<scripted_sink> other;
    office.run_until([&] {
        if (step == 0 && first->taken.size() == 3) {
            step = 1;
            office.serve(second); // the same name: it goes on where the first stands
            office.change(2);
            office.all->changes_were_made();
        }
        if (step == 1 && second->taken.size() == 2) {
            step = 2;
            other = std::make_shared<scripted_sink>();
            other->name_ = "other";
            office.serve(other);
        }
        return step == 2 && other->taken.size() == 5 && office.all->served().size() == 1
               && !office.all->find("scripted");
    });
    CHECK(first->taken == numbers(1, 3));
    CHECK(second->taken == numbers(4, 5));
    CHECK(other->taken == numbers(1, 5));
    office.open();
    auto drop = [](courier& all, std::string name) -> awaitable<result<void>> {
        co_return co_await all.drop(std::move(name));
    };
    CHECK(run(office.loop, drop(*office.all, "scripted")));
    CHECK_FALSE(run(office.loop, drop(*office.all, "scripted")));
    CHECK(office.record().name == "other");
}

TEST_CASE("One sink's trouble delays no other", "[feed]")
{
    post_office office;
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
