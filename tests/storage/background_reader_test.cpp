#include "storage/background_reader.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using checkwatches::test::run;
using namespace std::chrono_literals;

namespace {

// A database with some bugs, a loop, and a reader that goes before the loop.
struct library {
    scratch here;
    std::unique_ptr<store> s = open_store(here.path());
    std::vector<bug_id> bugs = add_bugs(*s, "bugs.example.org", 3);
    asio::io_context loop{1};
    std::unique_ptr<background_reader> in = std::make_unique<background_reader>(open_reader(here.path()));
};

} // namespace

TEST_CASE("background reader: reads on a thread of its own and comes back")
{
    library l;
    auto const own_thread = std::this_thread::get_id();
    int wrong = 0;
    auto caller = [&]() -> awaitable<result<std::vector<tracker>>> {
        auto read = [&](reader const& r) {
            wrong += std::this_thread::get_id() == own_thread;
            return r.trackers();
        };
        auto const got = co_await l.in->run(read);
        wrong += std::this_thread::get_id() != own_thread;
        co_return got;
    };
    auto const got = run(l.loop, caller());
    REQUIRE(got);
    CHECK(got->front().name == "bugs.example.org");
    CHECK(wrong == 0);
    CHECK(l.in->pending() == 0);

    std::size_t visited = 0;
    auto each = [&](reader const& r) {
        r.each_appointment(std::nullopt, bug_id{0}, [&](appointment const&) { ++visited; });
    };
    CHECK(run(l.loop, l.in->run(each)));
    CHECK(visited == 3);
}

TEST_CASE("background reader: a database that fails is the caller's error, and the next read works")
{
    library l;
    auto fails = [](reader const&) -> int {
        throw database_error{error{.kind = error_kind::storage, .message = "broken"}};
    };
    auto const refused = run(l.loop, l.in->run(fails));
    REQUIRE(refused.has_error());
    CHECK(refused.error().message == "broken");
    auto throws = [](reader const&) -> int { throw std::runtime_error{"odd"}; };
    auto const odd = run(l.loop, l.in->run(throws));
    REQUIRE(odd.has_error());
    CHECK(odd.error().kind == error_kind::storage);
    auto works = [](reader const& r) { return r.last_change(); };
    CHECK(run(l.loop, l.in->run(works)).value() == 0);
}

TEST_CASE("background reader: what is queued is run, in its order, before it goes")
{
    library l;
    std::promise<void> gate;
    std::vector<int> order;
    int resumed = 0;
    auto spawn = [&](auto read) {
        asio::co_spawn(l.loop, l.in->run(read), [&resumed](std::exception_ptr e, result<void> const& got) {
            if (e)
                std::rethrow_exception(e);
            resumed += got.has_value();
        });
    };
    spawn([opened = gate.get_future().share()](reader const&) { opened.wait(); });
    for (int i = 0; i != 20; ++i)
        spawn([&order, i](reader const&) { order.push_back(i); });
    l.loop.poll();
    CHECK(l.in->pending() == 21);
    CHECK(resumed == 0);
    gate.set_value();
    l.in.reset();
    REQUIRE(order.size() == 20);
    CHECK(std::is_sorted(order.begin(), order.end()));

    SECTION("its callers go on")
    {
        l.loop.restart();
        l.loop.run();
        CHECK(resumed == 21);
    }
    SECTION("or are given up with the loop") {}
}

TEST_CASE("background reader: a caller that is cancelled or races a deadline is safe")
{
    library l;
    int ended = 0;
    std::atomic<int> read = 0;
    auto racing = [&]() -> awaitable<void> {
        auto const executor = co_await asio::this_coro::executor;
        for (int i = 0; i != 300; ++i) {
            asio::steady_timer deadline{executor, std::chrono::microseconds{i / 4}};
            auto names = [&read](reader const& r) {
                ++read;
                return r.trackers().front().name;
            };
            auto work = l.in->run(names);
            auto race = asio::experimental::make_parallel_group(
                asio::co_spawn(executor, std::move(work), asio::deferred),
                deadline.async_wait(asio::deferred));
            co_await race.async_wait(asio::experimental::wait_for_one(), use_awaitable);
            ++ended;
        }
    };
    asio::co_spawn(l.loop, racing(), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
    l.loop.run();
    CHECK(ended == 300);
    CHECK(read == 300);
}
