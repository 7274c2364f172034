#include "storage/writer.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using checkwatches::test::run;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

using answer = result<applied>;

// A database with some bugs, a loop, and a writer that goes before the loop.
struct bench {
    scratch here;
    asio::io_context loop{1};
    std::vector<bug_id> bugs;
    std::unique_ptr<writer> out;

    explicit bench(int count)
    {
        auto s = open_store(here.path());
        bugs = add_bugs(*s, "bugs.example.org", count);
        out = std::make_unique<writer>(std::move(s));
    }

    // Queues a report; its answer is appended when the coroutine ends.
    void spawn(report r, std::vector<answer>& answers)
    {
        asio::co_spawn(loop, out->apply(share(std::move(r))), [&answers](std::exception_ptr e, answer a) {
            if (e)
                std::rethrow_exception(e);
            answers.push_back(std::move(a));
        });
    }
};

// How many commits the log file holds: frames that say how large the database is then
// (https://sqlite.org/fileformat2.html#the_write_ahead_log).
int commits_in_log(std::string const& path)
{
    std::ifstream file{path + "-wal", std::ios::binary};
    std::string const log{std::istreambuf_iterator<char>{file}, {}};
    auto const number = [&](std::size_t from) {
        std::uint32_t value = 0;
        for (std::size_t i = from; i != from + 4; ++i)
            value = value << 8 | static_cast<unsigned char>(log[i]);
        return value;
    };
    int commits = 0;
    if (log.size() < 32)
        return commits;
    std::size_t const frame = 24 + number(8);
    for (std::size_t from = 32; from + frame <= log.size(); from += frame)
        commits += number(from + 4) != 0 && number(from + 8) == number(16);
    return commits;
}

} // namespace

TEST_CASE("writer: a change is there for everybody when its caller goes on, on its own thread")
{
    bench b{50};
    auto const r = open_reader(b.here.path());
    std::set<std::int64_t> ids;
    int wrong = 0;
    auto const own_thread = std::this_thread::get_id();
    auto caller = [&](bug_id id) -> awaitable<void> {
        for (int i = 0; i != 10; ++i) {
            auto what = report_with_change(id, fmt::format("round {}", i));
            auto const got = co_await b.out->apply(share(std::move(what)));
            wrong += !got || got->changes.size() != 1 || std::this_thread::get_id() != own_thread;
            auto const kept = r->changes(got->changes.front().id - 1, 1);
            wrong += kept.empty() || text_of(kept.front().what) != text_of(got->changes.front());
            ids.insert(got->changes.front().id);
        }
    };
    for (auto const id : b.bugs)
        asio::co_spawn(b.loop, caller(id), [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        });
    b.loop.run();
    CHECK(wrong == 0);
    CHECK(ids.size() == 500);
    CHECK(*ids.rbegin() == 500);
    CHECK(r->last_change() == 500);
}

TEST_CASE("writer: commits grow with time, not with what is written")
{
    bench b{1};
    auto const before = commits_in_log(b.here.path());
    auto const began = std::chrono::steady_clock::now();
    auto caller = [&]() -> awaitable<void> {
        for (int i = 0; i != 20; ++i) {
            auto what = report_with_change(b.bugs[0], fmt::format("round {}", i));
            auto const got = co_await b.out->apply(share(std::move(what)));
            got.value();
        }
    };
    asio::co_spawn(b.loop, caller(), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
    b.loop.run();
    CHECK(commits_in_log(b.here.path()) - before == 20);
    // Each but the first comes 5 ms behind the one before, on however quick a machine.
    CHECK(std::chrono::steady_clock::now() - began >= std::chrono::milliseconds{19 * 5});
}

TEST_CASE("writer: what waits is written in one commit")
{
    bench b{100};
    std::vector<answer> answers;
    auto const other = open_store(b.here.path());
    auto const before = commits_in_log(b.here.path());
    REQUIRE(before > 0);
    other->in_transaction([&] {
        for (auto const id : b.bugs)
            b.spawn(report_with_change(id, "x"), answers);
        b.loop.poll();
        CHECK(answers.empty());
    });
    b.loop.run();
    REQUIRE(answers.size() == 100);
    for (auto const& a : answers)
        CHECK(a);
    // One for what came before the writer ran against the lock, one for all the rest.
    CHECK(commits_in_log(b.here.path()) - before <= 2);
    CHECK(number(b.here.path(), "SELECT count(*) FROM changes WHERE id BETWEEN 1 AND 100") == 100);
}

TEST_CASE("writer: one bad report takes no other down")
{
    bench b{10};
    std::vector<answer> answers;
    auto bad = report_with_change(b.bugs[5], "bad");
    bad.bugs.push_back(seen(make_bug_id(tracker_id{1}, 99), at(0)));
    auto const other = open_store(b.here.path());
    other->in_transaction([&] {
        for (auto const id : b.bugs) {
            if (id == b.bugs[5])
                b.spawn(bad, answers);
            else
                b.spawn(report_with_change(id, "good"), answers);
        }
        b.loop.poll();
    });
    b.loop.run();
    REQUIRE(answers.size() == 10);
    int failed = 0;
    for (auto const& a : answers) {
        if (!a) {
            ++failed;
            CHECK(a.error().kind == error_kind::storage);
        }
    }
    CHECK(failed == 1);
    auto const r = open_reader(b.here.path());
    CHECK(r->last_change() == 9);
    for (auto const& c : r->changes(0, 100))
        CHECK(c.what.after == "good");
    CHECK(r->runs(b.bugs[5]).empty());
}

TEST_CASE("writer: keeps capabilities")
{
    bench b{1};
    auto const of = tracker_of(b.bugs[0]);
    stored_capabilities const can{.can = {.protocol = "csv", .batch = 40}, .expires_at = at(9)};
    REQUIRE(run(b.loop, b.out->run([of, can](store& to) { to.put_capabilities(of, can); })));
    CHECK(open_reader(b.here.path())->capabilities_of(of).value().can == can.can);
    auto const refused = run(
        b.loop, b.out->run([can](store& to) { to.put_capabilities(tracker_id{99}, can); }));
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::storage);
}

TEST_CASE("writer: a lock that is held too long is an error, and the next attempt works")
{
    bench b{2};
    std::vector<answer> answers;
    auto const other = open_store(b.here.path());
    other->in_transaction([&] {
        b.spawn(report_with_change(b.bugs[0], "late"), answers);
        b.loop.run();
    });
    REQUIRE(answers.size() == 1);
    REQUIRE(answers[0].has_error());
    CHECK(answers[0].error().kind == error_kind::storage);
    CHECK_THAT(answers[0].error().message, Contains(b.here.path()) && Contains("another process"));
    auto const got = run(b.loop, b.out->apply(share(report_with_change(b.bugs[1], "in time"))));
    REQUIRE(got);
    CHECK(got->changes.front().id == 1);
}

TEST_CASE("writer: finishes what is pending when it goes")
{
    bench b{200};
    std::vector<answer> answers;
    for (auto const id : b.bugs)
        b.spawn(report_with_change(id, "x"), answers);
    b.loop.poll();
    b.out.reset();
    CHECK(open_reader(b.here.path())->last_change() == 200);

    SECTION("its callers go on")
    {
        b.loop.restart();
        b.loop.run();
        CHECK(answers.size() == 200);
    }
    SECTION("or are given up with the loop") {}
}

TEST_CASE("writer: what a cancelled caller queued is written")
{
    bench b{1};
    asio::cancellation_signal stop;
    std::exception_ptr ended;
    bool went_on = false;
    auto caller = [&]() -> awaitable<void> {
        auto what = report_with_change(b.bugs[0], "x");
        auto const got = co_await b.out->apply(share(std::move(what)));
        went_on = got.has_value();
        asio::steady_timer long_wait{b.loop, 1h};
        co_await long_wait.async_wait(use_awaitable);
    };
    auto const other = open_store(b.here.path());
    other->in_transaction([&] {
        auto done = [&](std::exception_ptr e) { ended = e; };
        asio::co_spawn(b.loop, caller(), asio::bind_cancellation_slot(stop.slot(), done));
        b.loop.poll();
        stop.emit(asio::cancellation_type::terminal);
        b.loop.poll();
    });
    b.loop.run();
    CHECK(ended); // not an hour later
    CHECK(open_reader(b.here.path())->last_change() == 1);
    CHECK(went_on);
}

TEST_CASE("writer: callers that race a deadline are safe")
{
    bench b{1};
    int ended = 0;
    auto racing = [&]() -> awaitable<void> {
        auto const executor = co_await asio::this_coro::executor;
        for (int i = 0; i != 300; ++i) {
            asio::steady_timer deadline{executor, std::chrono::microseconds{i}};
            auto work = b.out->apply(share(report_with_change(b.bugs[0], "x")));
            auto race = asio::experimental::make_parallel_group(
                asio::co_spawn(executor, std::move(work), asio::deferred),
                deadline.async_wait(asio::deferred));
            co_await race.async_wait(asio::experimental::wait_for_one(), use_awaitable);
            ++ended;
        }
    };
    asio::co_spawn(b.loop, racing(), [](std::exception_ptr e) {
        if (e)
            std::rethrow_exception(e);
    });
    b.loop.run();
    CHECK(ended == 300);
    CHECK(open_reader(b.here.path())->last_change() == 300);
}
