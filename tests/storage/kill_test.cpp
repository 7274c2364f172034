#include "storage/writer.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <sys/wait.h>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;

namespace {

// A child process that runs `body(acknowledge)` until it is killed; what it acknowledged can be read here.
class victim {
public:
    template <class Body>
    explicit victim(Body body)
    {
        std::array<int, 2> ends{};
        REQUIRE(pipe(ends.data()) == 0);
        from_ = ends[0];
        child_ = fork();
        if (child_ == 0) {
            close(ends[0]);
            body([to = ends[1]](std::int64_t id) {
                if (write(to, &id, sizeof id) != sizeof id)
                    _exit(1);
            });
            _exit(0);
        }
        close(ends[1]);
    }
    victim(victim const&) = delete;
    ~victim()
    {
        kill_now();
        close(from_);
    }

    // The next id it acknowledged; nothing when it is dead and all is read.
    std::optional<std::int64_t> next()
    {
        std::int64_t id = 0;
        if (read(from_, &id, sizeof id) != sizeof id)
            return std::nullopt;
        return id;
    }

    void kill_now()
    {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
        child_ = 0;
    }

private:
    int from_ = -1;
    pid_t child_ = 0;
};

// Four callers write changes to their bugs and acknowledge each when they go on.
template <class Acknowledge>
void write_on(std::string const& path, std::vector<bug_id> const& bugs, Acknowledge acknowledge)
{
    asio::io_context loop{1};
    auto opened = store::open(path);
    if (!opened)
        _exit(2);
    writer out{std::move(*opened)};
    auto caller = [&](bug_id id) -> awaitable<void> {
        for (int i = 0;; ++i) {
            auto what = report_with_change(id, fmt::format("{} of {}", i, getpid()));
            auto const got = co_await out.apply(share(std::move(what)));
            if (!got)
                _exit(3);
            acknowledge(got->changes.front().id);
        }
    };
    for (auto const id : bugs)
        asio::co_spawn(loop, caller(id), [](std::exception_ptr) { _exit(4); });
    loop.run();
}

} // namespace

TEST_CASE("a process that comes and goes does not take the log away from those that stay")
{
    scratch here;
    std::array<int, 2> go{};
    REQUIRE(pipe(go.data()) == 0);
    // Of a fork that opens nothing until it is told: SQLite's connections do not survive a fork.
    auto const path = here.path();
    auto const passer_by = fork();
    if (passer_by == 0) {
        char told = 0;
        bool const opened = read(go[0], &told, 1) == 1 && store::open(path);
        _exit(opened ? 0 : 1); // closed by now
    }
    auto const s = open_store(path);
    auto const bugs = add_bugs(*s, "bugs.example.org", 1);
    auto const r = open_reader(path); // beside a connection that holds its locks
    REQUIRE(write(go[1], "!", 1) == 1);
    int ended = 0;
    REQUIRE(waitpid(passer_by, &ended, 0) == passer_by);
    REQUIRE(ended == 0);
    s->in_transaction([&] { s->apply(report_with_change(bugs.front(), "later")); });
    close(go[0]);
    close(go[1]);

    // What SQLite itself finds at the path, as another process would.
    int const lookers = fork();
    if (lookers == 0) {
        execlp(
            "python3",
            "python3",
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
            "sys.exit(c.execute('select count(*) from changes').fetchone()[0] != 1)",
            path.c_str(),
            nullptr);
        _exit(9);
    }
    REQUIRE(waitpid(lookers, &ended, 0) == lookers);
    CHECK(ended == 0);
}

TEST_CASE("kill -9: what was acknowledged is there, without a gap")
{
    scratch here;
    auto const bugs = [&] {
        auto const s = open_store(here.path());
        return add_bugs(*s, "bugs.example.org", 4);
    }();
    std::int64_t last = 0;
    for (int round = 0; round != 25; ++round) {
        victim child{[&](auto acknowledge) { write_on(here.path(), bugs, acknowledge); }};
        std::int64_t highest = 0;
        int acknowledged = 0;
        for (int wanted = 1 + round * 7 % 40; acknowledged != wanted; ++acknowledged) {
            auto const id = child.next();
            REQUIRE(id);
            highest = std::max(highest, *id);
        }
        child.kill_now();
        for (auto id = child.next(); id; id = child.next(), ++acknowledged)
            highest = std::max(highest, *id);

        auto const r = open_reader(here.path());
        auto const now = r->last_change();
        CHECK(now >= highest);
        CHECK(now - last >= acknowledged);
        last = now;
    }
    auto const path = here.path();
    CHECK(number(path, "SELECT count(*) FROM changes") == last);
    CHECK(number(path, "SELECT min(id) FROM changes") == 1);
    // Each bug's row is what its last change made it.
    CHECK(
        number(
            path,
            "SELECT count(*) FROM bugs b WHERE title = (SELECT after FROM changes c "
            "WHERE c.bug_id = b.id ORDER BY c.id DESC LIMIT 1)")
        == 4);
    CHECK(number(path, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'") == 1);
    CHECK(number(path, "SELECT count(*) FROM pragma_foreign_key_check") == 0);
}

TEST_CASE("kill -9: a file whose making was cut off is made by the next start")
{
    for (int round = 0; round != 40; ++round) {
        scratch here;
        {
            victim child{[&](auto acknowledge) {
                acknowledge(0);
                acknowledge(store::open(here.path()) ? 1 : 2);
            }};
            REQUIRE(child.next() == 0);
            // Somewhere within the milliseconds that it takes.
            usleep(static_cast<useconds_t>(round) * 150);
            child.kill_now();
        }
        auto const s = open_store(here.path());
        CHECK(add_bugs(*s, "bugs.example.org", 2).size() == 2);
        CHECK(open_reader(here.path())->trackers().size() == 1);
    }
}

TEST_CASE("open: several processes may make the same file at once")
{
    scratch here;
    constexpr int processes = 6;
    auto const add_own = [&](int i) {
        auto opened = store::open(here.path());
        if (!opened)
            return 1;
        auto const name = fmt::format("t{}", i);
        return (*opened)->add_tracker({.kind = "trac", .name = name, .base_url = name}) ? 0 : 2;
    };
    std::vector<pid_t> children;
    for (int i = 0; i != processes; ++i) {
        auto const child = fork();
        if (child == 0)
            _exit(add_own(i));
        children.push_back(child);
    }
    for (auto const child : children) {
        int state = -1;
        waitpid(child, &state, 0);
        CHECK(state == 0);
    }
    CHECK(open_reader(here.path())->trackers().size() == processes);
}
