// What a patient writer does while the database takes nothing. A full disk is in disk_test.cpp.
#include "storage/writer.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <fmt/format.h>

#include <atomic>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using checkwatches::test::run;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using trouble = database_error::trouble;

namespace {

constexpr int for_ever = 1'000'000'000; // times that a work fails

// A database, a loop, and a patient writer that goes before the loop. What was answered, in that order.
struct bench {
    explicit bench(writer_delays again = {.first = 1ms, .last = 4ms})
    {
        auto s = open_store(here.path());
        bugs = add_bugs(*s, "bugs.example.org", 10);
        out = std::make_unique<writer>(std::move(s), patience::unlimited, again);
    }

    // Queues a report with one change to `text`.
    void spawn(bug_id id, std::string const& text)
    {
        asio::co_spawn(
            loop,
            out->apply(share(report_with_change(id, text))),
            [this, text](std::exception_ptr e, auto const& got) {
                if (e)
                    std::rethrow_exception(e);
                answers.push_back(text + (got ? "" : " failed"));
                if (!got)
                    why = got.error();
            });
    }

    // Queues a work that fails `count` times with this, and then works.
    void spawn_failing(int count, trouble kind)
    {
        auto work = [this, count, kind](store&) {
            if (++attempts <= count)
                throw database_error{error{.kind = error_kind::storage, .message = "no room"}, kind};
        };
        asio::co_spawn(loop, out->run(work), [this](std::exception_ptr e, auto const& got) {
            if (e)
                std::rethrow_exception(e);
            answers.emplace_back(got ? "work" : "work failed");
            if (!got)
                why = got.error();
        });
    }

    template <class Condition>
    void run_until(Condition holds)
    {
        auto const end = std::chrono::steady_clock::now() + 60s;
        while (!holds() && std::chrono::steady_clock::now() < end)
            loop.run_for(1ms);
        REQUIRE(holds());
    }

    std::vector<std::string> log() const
    {
        std::vector<std::string> out_of_it;
        for (auto const& c : open_reader(here.path())->changes(0, 1000))
            out_of_it.push_back(c.what.after.value_or("-"));
        return out_of_it;
    }

    scratch here;
    asio::io_context loop{1};
    std::vector<bug_id> bugs;
    std::atomic<int> attempts = 0;
    std::vector<std::string> answers;
    std::optional<error> why;
    std::unique_ptr<writer> out;
};

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("patience: what can pass is waited for; nothing is lost, nothing twice, the order kept")
{
    auto const kind = GENERATE(trouble::passing, trouble::lock_held);
    bench b;
    b.spawn(b.bugs[0], "one");
    b.spawn_failing(for_ever, kind);
    b.spawn(b.bugs[1], "two");
    b.run_until([&] { return b.out->health().stuck_since.has_value() && b.attempts > 5; });
    b.spawn(b.bugs[2], "three"); // joins what waits
    b.loop.poll();
    b.attempts = for_ever; // the next one works
    b.loop.run();
    CHECK(b.answers == texts{"one", "work", "two", "three"});
    CHECK(b.attempts == for_ever + 1);
    CHECK(b.log() == texts{"one", "two", "three"});
    auto const health = b.out->health();
    CHECK(health.pending == 0);
    CHECK_FALSE(health.stuck_since);
    CHECK(health.why.empty());
    CHECK(health.committed_at);
}

TEST_CASE("patience: health says since when and why, and goes on counting what waits")
{
    bench b;
    CHECK_FALSE(b.out->health().committed_at);
    b.spawn_failing(for_ever, trouble::passing);
    b.run_until([&] { return b.out->health().stuck_since.has_value(); });
    auto const first = b.out->health();
    CHECK(first.why == "no room");
    CHECK(first.pending == 1);
    b.spawn(b.bugs[0], "one");
    b.spawn(b.bugs[1], "two");
    b.run_until([&] { return b.out->health().pending == 3 && b.attempts > 5; });
    CHECK(b.out->health().stuck_since == first.stuck_since);
    CHECK(b.answers.empty());
    b.attempts = for_ever;
    b.loop.run();
    CHECK(b.answers == texts{"work", "one", "two"});
    CHECK_FALSE(b.out->health().stuck_since);
    CHECK(b.log() == texts{"one", "two"});
}

TEST_CASE("patience: what will not pass is the caller's error, and takes nobody else down")
{
    bench b;
    auto const other = open_store(b.here.path());
    other->in_transaction([&] { // so that they are written together
        b.spawn(b.bugs[0], "one");
        b.spawn(make_bug_id(tracker_id{1}, 99), "nobody's");
        b.spawn_failing(3, trouble::passing);
        b.spawn(b.bugs[1], "two");
        b.spawn_failing(0, trouble::passing);
        b.loop.poll();
    });
    b.loop.run();
    CHECK(b.answers == texts{"one", "nobody's failed", "work", "two", "work"});
    CHECK(b.log() == texts{"one", "two"});
    REQUIRE(b.why);
    CHECK_THAT(b.why->message, Contains("no bug"));
    CHECK_FALSE(b.out->health().stuck_since);
    CHECK(b.out->health().pending == 0);
}

TEST_CASE("patience: a lock that another process holds for long is waited for")
{
    bench b;
    auto const other = open_store(b.here.path());
    other->in_transaction([&] {
        b.spawn(b.bugs[0], "one");
        b.run_until([&] { return b.out->health().stuck_since.has_value(); });
        b.spawn(b.bugs[1], "two");
        CHECK_THAT(b.out->health().why, Contains("another process"));
        other->apply(report_with_change(b.bugs[2], "theirs"));
    });
    b.loop.run();
    CHECK(b.answers == texts{"one", "two"});
    CHECK(b.log() == texts{"theirs", "one", "two"});
}

TEST_CASE("patience: a writer that goes tries once more, and gives its callers up")
{
    bench b{{.first = 1h, .last = 1h}};
    SECTION("in vain")
    {
        b.spawn(b.bugs[0], "one");
        b.spawn_failing(1'000, trouble::passing);
        b.run_until([&] { return b.out->health().stuck_since.has_value(); });
        b.spawn(b.bugs[1], "two");
        b.loop.poll();
        b.out.reset();
        b.loop.restart();
        b.loop.run();
        // One by one: what can be written is.
        CHECK(b.answers == texts{"one", "work failed", "two"});
        CHECK(b.log() == texts{"one", "two"});
        CHECK(b.why->message == "no room");
    }
    SECTION("with success")
    {
        b.spawn(b.bugs[0], "one");
        b.spawn_failing(1, trouble::passing);
        b.run_until([&] { return b.out->health().stuck_since.has_value(); });
        b.out.reset();
        b.loop.restart();
        b.loop.run();
        CHECK(b.answers == texts{"one", "work"});
        CHECK(b.log() == texts{"one"});
    }
    SECTION("and those are given up with the loop")
    {
        b.spawn_failing(1'000, trouble::lock_held);
        b.run_until([&] { return b.out->health().stuck_since.has_value(); });
        b.out.reset();
        CHECK(b.answers.empty());
    }
}
