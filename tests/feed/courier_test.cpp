#include "tests/feed/dispatch.hpp"
#include "tests/support/print.hpp"

#include <set>

namespace checkwatches::feed {

TEST_CASE("A sink is told every change once, in order, and stands behind the last", "[feed]")
{
    dispatch office;
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

TEST_CASE("Where events go one by one the place is written at times, and at the end", "[feed]")
{
    dispatch office;
    office.change(7);
    auto const [batch, keep_every, written] = GENERATE(
        table<std::size_t, clock::duration, std::int64_t>({{1, 0ms, 3}, {1, 1h, 0}, {3, 1h, 3}}));
    office.settings.keep_every = keep_every;
    office.open();
    auto const sink = std::make_shared<scripted_sink>(batch);
    std::int64_t stood = -1;
    sink->script = [&](auto const& events) {
        if (events.front().id() == 4)
            stood = office.record().changes;
        if (events.front().id() == 6)
            office.all->close(); // in the middle of a page
        return delivery{.confirmed = events.size()};
    };
    office.serve(sink);
    office.run_until([&] { return sink->taken.size() >= 6; });
    CHECK(stood == written);
    CHECK(office.record().changes == sink->taken.back());
    CHECK(office.record().delivered == std::ssize(sink->taken));
}

TEST_CASE("A new sink begins at the end of the log, or behind the change that was named", "[feed]")
{
    dispatch office;
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
    dispatch office;
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

TEST_CASE("What was behind for a week comes at no more than the rate that was set", "[feed]")
{
    dispatch office;
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
    dispatch office;
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
    dispatch office;
    office.change(4);
    auto const sink = std::make_shared<scripted_sink>();
    bool is_away = true;
    sink->script = [&](std::vector<event> const& events) -> delivery {
        if (is_away)
            return {.trouble = error{.kind = error_kind::connect_failed, .message = "nobody is there"}};
        return {.confirmed = events.size()};
    };
    auto once = [](dispatch& self) -> awaitable<bool> {
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

TEST_CASE("Sinks come, change and go while the courier runs", "[feed]")
{
    dispatch office;
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

TEST_CASE("Every check is told where it is wanted, and kept no longer than until all have it", "[feed]")
{
    dispatch office;
    auto check = [](dispatch& self, int n) -> awaitable<bool> {
        for (int i = 0; i != n; ++i) {
            auto report = storage::test::share(
                storage::test::report_of({storage::test::seen(self.bugs[0], at(i))}, at(i)));
            auto const done = co_await self.out->apply(std::move(report));
            CHECK(done);
        }
        co_return true;
    };
    auto prepare = [](courier& all) -> awaitable<bool> {
        co_await all.prepare();
        co_return true;
    };
    auto once = [](courier& all) -> awaitable<bool> {
        co_await all.run_once(1min);
        co_return true;
    };
    auto const kept = [&] {
        return storage::test::number(office.here.path(), "SELECT count(*) FROM check_events");
    };
    run(office.loop, check(office, 2));
    CHECK(kept() == 0); // nobody wanted them

    auto const sink = std::make_shared<scripted_sink>(2);
    sink->wants_checks_ = true;
    office.serve(sink);
    run(office.loop, prepare(*office.all));
    run(office.loop, check(office, 3));
    CHECK(kept() == 3);
    run(office.loop, once(*office.all));
    CHECK(sink->taken == numbers(1, 3));
    CHECK(sink->last.check);
    CHECK(sink->last.url == "https://bugs.example.org//1");
    CHECK(office.record().checks == 3);
    CHECK(kept() == 0);

    // A new one begins with what comes; one that is away has them kept.
    auto const away = std::make_shared<scripted_sink>();
    away->name_ = "away";
    away->wants_checks_ = true;
    away->script = [](auto const&) -> delivery {
        return {.trouble = error{.kind = error_kind::connect_failed, .message = "nobody is there"}};
    };
    office.open();
    std::vector<served_sink> both;
    both.push_back({.to = sink, .rate = 0});
    both.push_back({.to = away, .rate = 0});
    office.all->serve(std::move(both));
    run(office.loop, prepare(*office.all));
    run(office.loop, check(office, 2));
    run(office.loop, once(*office.all));
    CHECK(sink->taken == numbers(1, 5));
    CHECK(away->seen.front().first == 4);
    CHECK(kept() == 2);

    office.open();
    office.serve(std::make_shared<scripted_sink>()); // nobody wants them any more
    run(office.loop, prepare(*office.all));
    run(office.loop, check(office, 1));
    run(office.loop, once(*office.all));
    CHECK(kept() == 0);
}

} // namespace checkwatches::feed
