#include "tests/check/engine_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

using fixture = test::engine_fixture;
using recorder = test::pass_recorder;

} // namespace

TEST_CASE("a pass checks all that is due, and tells its plan and its end")
{
    fixture f{{3, 25, 0}};
    recorder told;
    auto const done = test::run(f.loop, f.the_engine->check({}, told));
    REQUIRE(done);
    CHECK(told.trackers == 2);
    CHECK(told.bugs == 28);
    CHECK(std::set(told.done.begin(), told.done.end()) == std::set<std::string>{"a", "b"});
    REQUIRE(done->trackers.size() == 2);
    CHECK(done->trackers[0].tracker == "a");
    CHECK(done->trackers[1].seen() == 25);
    CHECK(f.seen() == 28);
    CHECK(f.check().trackers.empty()); // nothing is due any more
    CHECK(f.check({.force = true}).trackers.size() == 2);
}

TEST_CASE("a pass keeps to the trackers and bugs that it was asked for")
{
    fixture f{{5, 5}};
    CHECK(f.check({.trackers = {"b"}}).trackers.front().tracker == "b");
    CHECK(f.seen() == 5);
    auto const one = f.check({.bugs = {f.bug("a", "3")}});
    REQUIRE(one.trackers.size() == 1);
    CHECK(one.trackers.front().due == 1);
    CHECK(f.check({.bugs = {f.bug("a", "3")}}).trackers.empty());
    CHECK(f.check({.bugs = {f.bug("a", "3")}, .force = true}).trackers.front().seen() == 1);
    recorder told;
    auto const unknown = test::run(f.loop, f.the_engine->check({.trackers = {"zz"}}, told));
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().kind == error_kind::usage);
}

TEST_CASE("a bug whose watches followed it elsewhere is not asked any more, by force neither")
{
    fixture f{{2}};
    auto const follow = [from = f.bug("a", "1"), to = f.bug("a", "2"), now = f.time.now()](
                            storage::store& s) { s.follow_move(from, to, "https://a.example/2", now); };
    REQUIRE(test::run(f.loop, f.writer->run(follow)));
    auto const first = f.check({.force = true}); // it was on the agenda when it moved
    CHECK(first.trackers.front().seen() == 1);
    CHECK_FALSE(first.trackers.front().has_failures());
    CHECK(f.check({.force = true}).trackers.front().due == 1);
    auto end = [&]() -> awaitable<bool> {
        co_await f.the_engine->finish(1min);
        co_return true;
    };
    test::run(f.loop, end());
    f.begin();
    CHECK(f.check({.force = true}).trackers.front().due == 1);
    CHECK(f.asked() == std::map<std::string, int>{{"2", 3}});
}

TEST_CASE("checks at once join: each gets all its bugs, and no bug is asked twice")
{
    fixture f{{200}};
    recorder first;
    std::vector<result<pass_result>> others;
    constexpr std::size_t most = 50;
    recorder silent;
    first.at_first_batch = [&] {
        for (std::size_t i = 0; i != most; ++i)
            asio::co_spawn(
                f.loop,
                f.the_engine->check({.force = true}, silent),
                [&](std::exception_ptr e, result<pass_result> got) {
                    if (!e)
                        others.push_back(std::move(got));
                });
    };
    auto all = [&]() -> awaitable<result<pass_result>> {
        auto mine = co_await f.the_engine->check({}, first);
        asio::steady_timer pause{f.loop};
        while (others.size() != most) {
            pause.expires_after(1ms);
            co_await pause.async_wait(use_awaitable);
        }
        co_return mine;
    };
    auto const done = test::run(f.loop, all());
    REQUIRE(done);
    CHECK(done->trackers.front().seen() == 200);
    // The first batches were settled before the others came: those are asked once more, and only once.
    for (auto const& got : others) {
        REQUIRE(got);
        CHECK(got->trackers.front().seen() == 200);
    }
    int most_asked = 0;
    for (auto const& [id, times] : f.asked())
        most_asked = std::max(most_asked, times);
    CHECK(most_asked <= 2);
    CHECK(f.kind->looks.size() <= 22); // 20 batches, and those that had been settled by then
}

TEST_CASE("serving checks what is due by itself, and what is added while it runs")
{
    fixture f{{12, 3}};
    f.serve_until([&] { return f.seen() == 15; });
    CHECK(f.the_engine->status().due == 0);

    fixture g{{2}};
    bool added = false;
    auto add_more = [&]() -> awaitable<void> {
        auto work = [&](storage::store& to) {
            to.add_bug(storage::tracker_id{1}, "77", g.time.now());
            to.add_tracker({.kind = "fake",
                            .name = "new",
                            .base_url = "https://new.example/",
                            .created_at = g.time.now()})
                .value();
            to.add_bug(storage::tracker_id{2}, "1", g.time.now());
        };
        co_await g.writer->run(work);
        co_await g.the_engine->refresh();
        added = true;
    };
    asio::co_spawn(g.loop, add_more(), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
    g.serve_until([&] { return added && g.seen() == 4; });
    CHECK(g.the_engine->status().trackers == 2);
}

TEST_CASE("a tracker that failed is left alone for a while; force asks it all the same")
{
    fixture f{{30}};
    f.kind->troubles.push_back(error{.kind = error_kind::auth_failed, .message = "who are you?"});
    f.settings.pass.lanes = 1;
    f.begin();
    auto const first = f.check();
    REQUIRE(first.trackers.front().trouble);
    CHECK(first.trackers.front().not_asked() == 20);

    auto const second = f.check();
    REQUIRE(second.trackers.front().trouble);
    CHECK(second.trackers.front().trouble->kind == error_kind::deferred);
    CHECK(second.trackers.front().not_asked() == 20);
    CHECK(f.kind->looks.size() == 1);

    auto const third = f.check({.force = true});
    CHECK_FALSE(third.trackers.front().trouble);
    CHECK(third.trackers.front().seen() == 30);
}

TEST_CASE("a paused tracker is not asked, until it is resumed; the store remembers")
{
    fixture f{{4}};
    REQUIRE(test::run(f.loop, f.the_engine->pause("a", "they asked us to")));
    f.begin(); // another process
    auto const none = f.check({.force = true});
    CHECK(none.trackers.front().not_asked() == 4);
    REQUIRE(none.trackers.front().trouble);
    CHECK(none.trackers.front().trouble->message.find("they asked us to") != std::string::npos);
    CHECK(f.kind->looks.empty());
    REQUIRE(test::run(f.loop, f.the_engine->resume("a")));
    CHECK(f.check().trackers.front().seen() == 4);
    CHECK_FALSE(test::run(f.loop, f.the_engine->pause("zz", "")));
}

TEST_CASE("reset makes due what failed, and settings hold")
{
    fixture f{{10}};
    f.kind->troubles.push_back(error{.kind = error_kind::auth_failed, .message = "who are you?"});
    f.check();
    CHECK(f.the_engine->status().due == 0);
    REQUIRE(test::run(f.loop, f.the_engine->reset("a")));
    CHECK(f.the_engine->status().due == 10);
    CHECK(f.check().trackers.front().seen() == 10);

    REQUIRE(test::run(
        f.loop, f.the_engine->configure("a", [](auto& set) { set = {.batch = 3, .connections = 7}; })));
    CHECK(f.budgets.at("https://a.example").connections == 7);
    f.kind->looks.clear();
    f.kind->troubles.clear();
    f.check({.force = true});
    CHECK(f.kind->looks.size() == 4);
}

TEST_CASE("trackers that share a host take turns")
{
    fixture f{{}};
    auto work = [&](storage::store& to) {
        for (int t = 0; t != 20; ++t) {
            auto const name = std::to_string(t);
            auto const made = to.add_tracker({.kind = "fake",
                                              .name = name,
                                              .base_url = "https://forge.example/" + name + "/",
                                              .created_at = f.time.now()})
                                  .value();
            for (int i = 0; i != 100; ++i)
                to.add_bug(made.id, name + "-" + std::to_string(i), f.time.now());
        }
    };
    REQUIRE(test::run(f.loop, f.writer->run(work)));
    f.settings.most_trackers_of_host = 2;
    f.begin();
    auto const done = f.check();
    CHECK(done.trackers.size() == 20);
    CHECK(f.seen() == 2000);
    CHECK(f.kind->most_under_way <= 4); // two trackers with two lanes each
}

TEST_CASE("what a check would cost is told without asking")
{
    fixture f{{25, 10}};
    f.check();
    auto const looks = f.kind->looks.size();
    auto const all = test::run(f.loop, f.the_engine->cost({.force = true}));
    REQUIRE(all);
    CHECK(all->trackers == 2);
    CHECK(all->bugs == 35);
    CHECK(all->requests == 4);
    CHECK(all->time > 0s);
    CHECK(test::run(f.loop, f.the_engine->cost({})).value().bugs == 0);
    CHECK(f.kind->looks.size() == looks);
    CHECK(f.check({.force = true}).trackers.size() == 2);
}

TEST_CASE("a known bug that is missing is asked for once, and is due later as others are")
{
    fixture f{{30}};
    f.check();
    f.kind->looks.clear();
    f.kind->missing = {"7"};
    auto const one = f.check({.bugs = {f.bug("a", "7")}, .force = true});
    CHECK(f.kind->looks.size() == 1);
    CHECK(one.trackers.front().outcomes == std::map<outcome, std::size_t>{{outcome::not_found, 1}});
    CHECK(f.the_engine->status().bugs == 30);
    auto const all = f.check({.force = true});
    CHECK(all.trackers.front().due == 30);
    CHECK(all.trackers.front().seen() == 29);
    CHECK(f.the_engine->status().bugs == 30);
}

TEST_CASE("a tracker that forgot its bugs is an alarm, and no bug changes")
{
    fixture f{{30}};
    f.check();
    for (int i = 1; i <= 30; ++i)
        f.kind->missing.insert(std::to_string(i));
    f.kind->looks.clear();
    auto const lost = f.check({.force = true});
    CHECK(f.kind->looks.size() == 3);
    CHECK(lost.trackers.front().outcomes == std::map<outcome, std::size_t>{{outcome::shrunk, 30}});
    CHECK(lost.trackers.front().changes == 0);
}

TEST_CASE("a tracker that forgets its bugs one by one is an alarm too")
{
    fixture f{{30}};
    f.check();
    for (int i = 1; i <= 30; ++i)
        f.kind->missing.insert(std::to_string(i));
    std::map<outcome, std::size_t> outcomes;
    for (int i = 1; i <= 10; ++i) {
        auto const one = f.check({.bugs = {f.bug("a", std::to_string(i))}, .force = true});
        for (auto const& [how, n] : one.trackers.front().outcomes)
            outcomes[how] += n;
    }
    CHECK(outcomes.at(outcome::not_found) == 4);
    CHECK(outcomes.at(outcome::shrunk) == 6);
}

TEST_CASE("two at once who look for what was added bring it once")
{
    fixture f{{5}};
    auto work = [&](storage::store& to) { to.add_bug(storage::tracker_id{1}, "new", f.time.now()); };
    REQUIRE(test::run(f.loop, f.writer->run(work)));
    int done = 0;
    for (int i = 0; i != 2; ++i)
        asio::co_spawn(f.loop, f.the_engine->refresh(), [&](std::exception_ptr e, result<void> const&) {
            done += e ? 0 : 1;
        });
    REQUIRE(test::run(f.loop, f.the_engine->refresh()));
    f.serve_until([&] { return done == 2 && f.seen() == 6; });
    CHECK(f.the_engine->status().bugs == 6);
    CHECK(f.asked().at("new") == 1);
}

TEST_CASE("what a probe found while a run was under way holds after it")
{
    fixture f{{30}};
    f.check();
    f.kind->probed->batch = 7;
    bool is_asked = false;
    bool is_probed = false;
    f.kind->may_answer = [&] {
        if (!std::exchange(is_asked, true))
            asio::co_spawn(f.loop, f.the_engine->probe("a"), [&](std::exception_ptr e, auto const& found) {
                is_probed = !e && found.has_value();
            });
        return is_probed;
    };
    f.kind->looks.clear();
    f.check({.force = true});
    CHECK(f.kind->looks.size() == 3); // by what was known when it began
    f.kind->looks.clear();
    f.check({.force = true});
    CHECK(f.kind->looks.size() == 5);
    CHECK(f.kind->probes == 2);
}

TEST_CASE("pausing lets go of who waits, and a sleeper is not woken")
{
    fixture f{{2000}};
    recorder told;
    told.at_first_batch = [&] {
        asio::co_spawn(
            f.loop, f.the_engine->pause("a", "enough"), [](std::exception_ptr, result<void> const&) {});
    };
    auto const done = test::run(f.loop, f.the_engine->check({}, told)); // it returns
    REQUIRE(done);
    CHECK(done->trackers.front().not_asked() > 0);
    REQUIRE(done->trackers.front().trouble);
    CHECK(done->trackers.front().trouble->message.find("enough") != std::string::npos);

    auto const looks = f.kind->looks.size();
    int turns = 0;
    f.serve_until([&] { return ++turns == 50; });
    CHECK(f.kind->looks.size() == looks);
}

TEST_CASE("a broken database ends every check, those too that wait for their turn")
{
    fixture f{{}};
    auto work = [&](storage::store& to) {
        for (int t = 0; t != 10; ++t) {
            auto const name = std::to_string(t);
            auto const made = to.add_tracker({.kind = "fake",
                                              .name = name,
                                              .base_url = "https://forge.example/" + name + "/",
                                              .created_at = f.time.now()})
                                  .value();
            to.add_bug(made.id, "1", f.time.now());
        }
    };
    REQUIRE(test::run(f.loop, f.writer->run(work)));
    f.settings.most_trackers_of_host = 1;
    f.begin();
    f.kind->throws = true;
    recorder told;
    CHECK_THROWS_AS(test::run(f.loop, f.the_engine->check({}, told)), std::logic_error);
}
