#include "tests/support/simulation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <thread>

namespace {

using namespace checkwatches;
using namespace checkwatches::test;
using namespace std::chrono_literals;
using std::chrono::duration_cast;
using std::chrono::hours;

// A loop in virtual time, and a diary of when who woke up (hours of uptime since the beginning).
struct house {
    manual_clock time; // outlives the sleepers, which end with the loop
    asio::io_context loop{1};
    std::atomic<bool> busy{false};
    std::atomic<int> asked{0}; // how often the loop looked whether somebody is busy
    simulation in{loop, time, [this] {
                      ++asked;
                      return busy.load();
                  }};
    clock::duration began = time.up();
    std::string diary;

    void note(std::string const& who)
    {
        diary += who + "@" + std::to_string(duration_cast<hours>(time.up() - began).count()) + " ";
    }
    void spawn(awaitable<void> what)
    {
        asio::co_spawn(loop, std::move(what), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    }
    awaitable<void> wake_every(std::string who, hours span, int times)
    {
        for (int i = 0; i != times; ++i) {
            co_await time.sleep(span);
            note(who);
        }
    }
};

} // namespace

TEST_CASE("simulation: sleepers wake at their times, in their order, and time ends where it was to end")
{
    house h;
    h.spawn(h.wake_every("a", 2h, 3));
    h.spawn(h.wake_every("b", 3h, 9));
    int moments = 0;
    h.in.run_for(7h, [&] { ++moments; });
    CHECK(h.diary == "a@2 b@3 a@4 b@6 a@6 ");
    CHECK(moments == 5);
    CHECK(h.time.up() - h.began == 7h);
    h.in.run_for(2h);
    CHECK(h.diary == "a@2 b@3 a@4 b@6 a@6 b@9 ");
}

TEST_CASE("simulation: time stands still while somebody else works for the loop")
{
    house h;
    h.spawn(h.wake_every("sleeper", 1h, 1));
    h.busy = true;
    std::thread other{[&] {
        while (h.asked < 3) // a loop which did not wait would never look a third time
            std::this_thread::yield();
        asio::post(h.loop, [&] { h.note("answer"); });
        h.busy = false;
    }};
    h.in.run_for(1h);
    other.join();
    CHECK(h.diary == "answer@0 sleeper@1 ");
}

TEST_CASE("simulation: a step of the wall clock wakes nobody; a suspended machine's sleepers are late")
{
    house h;
    auto const wall = h.time.now();
    h.spawn(h.wake_every("a", 4h, 2));
    h.in.run_for(1h);
    h.time.step(24h);
    h.in.settle();
    CHECK(h.diary.empty());
    h.time.suspend(6h);
    h.in.settle();
    CHECK(h.diary.empty());
    CHECK(h.time.up() - h.began == 7h);
    CHECK(h.time.now() - wall == 31h);
    h.in.run_for(7h);
    CHECK(h.diary == "a@10 a@14 ");
}
