#include "tests/serve/event_ground.hpp"

using namespace checkwatches;
using namespace checkwatches::serve;
using namespace checkwatches::serve::test;
using namespace std::chrono_literals;
using checkwatches::test::until;

TEST_CASE("events: a stream begins now and is told what follows, in order")
{
    event_ground g;
    g.write(5);
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        CHECK(one->got.all().empty());
        CHECK(one->got.last_id == "5-1000-1");
        g.hub->publish(pass_began_event, {"one"}, "{1}");
        g.change(2);
        bool const is_there = co_await until([&] { return one->got.events.size() == 3; });
        CHECK(is_there);
        g.hub->publish(check_event, {"one"}, "{2}");
        g.change(700);
        bool const are_there = co_await until([&] { return one->got.events.size() == 704; });
        CHECK(are_there);
        CHECK(one->got.all() == "pass_began {1}; " + changes(6, 7) + "check {2}; " + changes(8, 707));
        CHECK(one->got.last_id == "707-1000-705");
        CHECK_FALSE(one->ended);
    };
    g.run(test());
}

TEST_CASE("events: few checks are told after the short pause, many wait for the long one")
{
    auto settings = quick();
    settings.gap = 50ms;
    settings.busy_gap = 1h;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        std::size_t told = 0;
        for (auto const few : {1, 5}) {
            for (int i = 0; i != few; ++i)
                g.hub->publish(check_event, {"one"}, "{}");
            told += static_cast<std::size_t>(few);
            bool const is_there = co_await until([&] { return one->got.events.size() == told; });
            CHECK(is_there);
        }
        // They are to come while it pauses. Where this thread was held up for so long that they came later,
        // they are told at once, as they should be: then once more.
        bool are_waiting = false;
        for (int round = 0; round != 20 && !are_waiting; ++round) {
            g.hub->publish(check_event, {"one"}, "{}");
            ++told;
            co_await until([&] { return one->got.events.size() == told; });
            for (int i = 0; i != 20; ++i)
                g.hub->publish(check_event, {"one"}, "{}");
            asio::steady_timer pause{g.loop, 4 * settings.gap};
            co_await pause.async_wait(use_awaitable);
            are_waiting = one->got.events.size() == told;
            told = one->got.events.size();
        }
        CHECK(are_waiting);
    };
    g.run(test());
}

TEST_CASE("events: a client that comes back to the same hub goes on exactly")
{
    event_ground g;
    auto test = [&]() -> awaitable<void> {
        auto* const first = co_await g.listening();
        g.change(3);
        g.hub->publish(check_event, {"one"}, "{1}");
        bool const is_there = co_await until([&] { return first->got.events.size() == 4; });
        CHECK(is_there);
        g.change(2);
        g.hub->publish(check_event, {"one"}, "{2}");
        bool const are_there = co_await until([&] { return first->got.events.size() == 7; });
        CHECK(are_there);
        auto const reads = g.hub->reads();
        for (std::size_t i = 0; i != 7; ++i) {
            auto* const again = &g.listen(first->got.ids[i]);
            bool const is_back = co_await until(
                [&] { return again->got.events.size() >= 6 - i && again->taken != 0; });
            CHECK(is_back);
            CHECK(
                again->got.events
                == std::vector<std::string>(
                    first->got.events.begin() + static_cast<std::ptrdiff_t>(i) + 1, first->got.events.end()));
            again->gone = true;
            g.hub->publish(check_event, {"one"}, "{end}");
            bool const is_over = co_await until([&] { return again->ended; });
            CHECK(is_over);
        }
        CHECK(g.hub->reads() == reads);
    };
    g.run(test());
}

TEST_CASE("events: a client of another run is told the changes from the store, and that the rest is missing")
{
    event_ground g;
    g.write(1234);
    auto test = [&]() -> awaitable<void> {
        auto const from = std::vector<std::pair<std::string, std::int64_t>>{
            {"34-777-20", 34},
            {"0-777-3", 0},
            {"1233-777-9", 1233},
            {"1234-777-9", 1234},
            {"700", 700},
            {"9999-777-1", 1234},
            {"20-1000-0", 20},
            {"20-1000-999", 20}};
        for (auto const& sample : from) {
            auto const change = sample.second;
            auto* const one = co_await g.listening(sample.first);
            auto const wanted = static_cast<std::size_t>(1235 - change);
            bool const is_told = co_await until([&] { return one->got.events.size() == wanted; });
            CHECK(is_told);
            CHECK(one->got.all() == changes(change + 1, 1234) + missed_all);
            one->gone = true;
        }
        auto* const unread = co_await g.listening("surprise");
        CHECK(unread->got.last_id == "1234-1000-1");
    };
    g.run(test());
}

TEST_CASE("events: changes are neither doubled nor lost between the store and the ring")
{
    auto settings = quick();
    settings.most_events = 16;
    event_ground g{settings};
    g.write(1500);
    auto test = [&]() -> awaitable<void> {
        std::vector<recorder*> all;
        std::int64_t last = 1500;
        // Streams come from everywhere while changes are made, some announced, some not, in pieces that the
        // ring holds and in such that it does not.
        for (int round = 0; round != 60; ++round) {
            all.push_back(&g.listen(std::to_string(round * 25)));
            auto const count = round % 7 == 0 ? 30 : round % 4;
            g.write(count);
            last += count;
            if (round % 3 == 0)
                g.hub->changes_were_made();
            co_await until([&] { return all.back()->taken != 0; });
        }
        g.change();
        ++last;
        for (std::size_t i = 0; i != all.size(); ++i) {
            auto const from = static_cast<std::int64_t>(i) * 25;
            bool const is_told = co_await until(
                [&] { return static_cast<std::int64_t>(all[i]->got.count("change")) >= last - from; });
            CHECK(is_told);
            std::string told;
            for (auto const& one : all[i]->got.events)
                if (one.starts_with("change "))
                    told += one + "; ";
            CHECK(told == changes(from + 1, last));
        }
    };
    g.run(test());
}

TEST_CASE("events: a stream that the ring has left behind catches up from the store")
{
    auto settings = quick();
    settings.most_events = 8;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const slow = co_await g.listening();
        slow->stalled = true;
        g.hub->publish(check_event, {"one"}, "{1}");
        bool const is_stuck = co_await until([&] { return slow->writes == 2; });
        CHECK(is_stuck);
        auto* const quick_one = co_await g.listening();
        g.change(50);
        bool const are_read = co_await until([&] { return quick_one->got.count("change") == 50; });
        CHECK(are_read);
        g.hub->publish(check_event, {"one"}, "{2}");
        slow->stalled = false;
        bool const is_told = co_await until([&] { return slow->got.count("missed") == 1; });
        CHECK(is_told);
        CHECK(slow->got.all() == "check {1}; " + changes(1, 50) + missed_all);
        // From there on it is told everything again.
        g.hub->publish(check_event, {"one"}, "{3}");
        g.change();
        bool const goes_on = co_await until([&] { return slow->got.events.size() == 54; });
        CHECK(goes_on);
        CHECK(slow->got.all() == "check {1}; " + changes(1, 50) + missed_all + "check {3}; change 51; ");
    };
    g.run(test());
}

TEST_CASE("events: checks that the ring has dropped are told as missed, without asking the store")
{
    auto settings = quick();
    settings.most_events = 8;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const slow = co_await g.listening();
        event_filter const changes_only{.kinds = {"change"}};
        auto* const narrow = co_await g.listening("", changes_only);
        slow->stalled = narrow->stalled = true;
        g.change();
        bool const are_stuck = co_await until([&] { return slow->writes == 2 && narrow->writes == 2; });
        CHECK(are_stuck);
        auto const reads = g.hub->reads();
        for (int i = 0; i != 20; ++i)
            g.hub->publish(check_event, {"one"}, std::to_string(i));
        slow->stalled = narrow->stalled = false;
        bool const is_told = co_await until([&] { return slow->got.count("check") == 8; });
        CHECK(is_told);
        std::string rest;
        for (int i = 12; i != 20; ++i)
            rest += "check " + std::to_string(i) + "; ";
        CHECK(slow->got.all() == "change 1; " + std::string{missed_all} + rest);
        CHECK(g.hub->reads() == reads);
        g.change();
        bool const is_next = co_await until([&] { return narrow->got.count("change") == 2; });
        CHECK(is_next);
        CHECK(narrow->got.all() == "change 1; change 2; ");
    };
    g.run(test());
}

TEST_CASE("events: a stream is told what its filter wants, from the ring and from the store")
{
    event_ground g;
    g.write(1, 0);
    g.write(1, 1);
    g.write(1, 2);
    auto test = [&]() -> awaitable<void> {
        event_filter const tracker{.tracker = "two"};
        event_filter const bug{.bug = g.bugs[1]};
        event_filter const kind{.kinds = {"check"}};
        auto* const of_tracker = co_await g.listening("0", tracker);
        auto* const of_bug = co_await g.listening("0", bug);
        auto* const of_kind = co_await g.listening("0", kind);
        bool const are_there = co_await until([&] {
            return of_tracker->got.count("missed") + of_bug->got.count("missed")
                       + of_kind->got.count("missed")
                   == 3;
        });
        CHECK(are_there);
        g.change(1, 0);
        g.change(1, 1);
        g.change(1, 2);
        g.hub->publish(check_event, {"one", g.bugs[1]}, "{1}");
        g.hub->publish(check_event, {"two", g.bugs[2]}, "{2}");
        bool const are_told = co_await until([&] {
            return of_tracker->got.events.size() == 4 && of_bug->got.events.size() == 4
                   && of_kind->got.events.size() == 3;
        });
        CHECK(are_told);
        CHECK(of_tracker->got.count("change") == 2);
        CHECK(of_tracker->got.events.front() == "change 3");
        CHECK(of_bug->got.events.front() == "change 2");
        CHECK(of_kind->got.all() == R"(missed {"check":null}; check {1}; check {2}; )");
    };
    g.run(test());
}

TEST_CASE("events: a quiet stream has a heartbeat, and changes that nobody announced are found by then")
{
    auto settings = quick();
    settings.heartbeat = 20ms;
    event_ground g{settings};
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        bool const beats = co_await until([&] { return one->got.comments >= 3; });
        CHECK(beats);
        CHECK(one->got.events.empty());
        g.write(2);
        bool const is_found = co_await until([&] { return one->got.events.size() == 2; });
        CHECK(is_found);
    };
    g.run(test());
}

TEST_CASE("events: a thousand streams that come back at once cost the store a few reads")
{
    event_ground g;
    g.write(1'010);
    auto test = [&]() -> awaitable<void> {
        std::vector<recorder*> all;
        for (int i = 0; i != 1'000; ++i)
            all.push_back(&g.listen("490-777-9"));
        auto const have = [&](std::size_t count) {
            return std::ranges::all_of(all, [&](auto const& one) { return one->got.events.size() == count; });
        };
        bool const are_told = co_await until([&] { return have(521); });
        CHECK(are_told);
        CHECK(g.hub->reads() <= 8);
        g.hub->publish(check_event, {"one"}, "{1}");
        g.change();
        bool const are_all = co_await until([&] { return have(523); });
        CHECK(are_all);
        auto const wanted = changes(491, 1'010) + missed_all;
        CHECK(std::ranges::all_of(all, [&](auto const& one) { return one->got.all().starts_with(wanted); }));
    };
    g.run(test());
}

TEST_CASE("events: while many streams are told, the loop does other things, too")
{
    event_ground g;
    auto test = [&]() -> awaitable<void> {
        constexpr int many = 200;
        for (int i = 0; i != many; ++i)
            g.listen();
        auto const told = [&] {
            return std::ranges::count_if(
                g.recorders, [](auto const& one) { return !one.got.events.empty(); });
        };
        bool const have_begun = co_await until(
            [&] { return std::ranges::all_of(g.recorders, [](auto const& one) { return one.taken != 0; }); });
        CHECK(have_begun);
        g.hub->publish(check_event, {"one"}, "{}");
        std::int64_t before = 0;
        std::int64_t most_in_a_turn = 0;
        while (before != many) {
            co_await asio::post(g.loop, use_awaitable);
            auto const now = told();
            most_in_a_turn = std::max(most_in_a_turn, now - before);
            before = now;
        }
        CHECK(most_in_a_turn < many / 4);
    };
    g.run(test());
}

TEST_CASE("events: a store that cannot be read is said once, and streams go on when it can")
{
    event_ground g;
    auto test = [&]() -> awaitable<void> {
        auto* const one = co_await g.listening();
        storage::test::execute(g.path, "ALTER TABLE changes RENAME TO hidden");
        g.hub->changes_were_made();
        bool const is_said = co_await until([&] { return !g.log.lines.empty(); });
        CHECK(is_said);
        storage::test::execute(g.path, "ALTER TABLE hidden RENAME TO changes");
        g.write();
        bool const is_told = co_await until([&] { return one->got.events.size() == 1; });
        CHECK(is_told);
        CHECK(g.log.lines.size() == 1);
    };
    g.run(test());
}
