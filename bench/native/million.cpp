// What a million watches cost the engine before it asks anything, against a tenth of them: how long it takes
// to read the schedule, next to a bare scan of the table; what it keeps in memory for each; how long it takes
// to choose the next 1,000 that are due. What the pages read of it: the more there is, the longer none of
// them may take, but for a bound. And what idle trackers cost, ten times as many against some: memory, and
// time while nothing is due. Ends with 1 where a bound below is not kept.
#include "adapters/registry.hpp"
#include "engine/check/engine.hpp"
#include "engine/check/roster.hpp"
#include "engine/check/turns.hpp"
#include "storage/reader.hpp"
#include "storage/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "page_reads.hpp"

namespace {

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

constexpr double most_scans = 3; // to load, in bare scans of the table
constexpr double most_bytes_a_watch = 32;
constexpr double most_times_to_pick = 2; // of what it takes with a tenth
constexpr double most_times_to_read = 2; // … or the least that counts
constexpr double least_read_us = 5'000;
constexpr double most_bytes_a_tracker = 4'096;
constexpr std::size_t to_pick = 1'000;
constexpr std::size_t idle_watches = 100'000;
constexpr std::chrono::seconds idle_for{5};

struct results {
    double scan_ms{};
    double load_ms{};
    double resident{}; // bytes
    double pick_us{};  // for the next 1,000
};

// What an engine costs that serves and has nothing to ask.
struct idleness {
    double resident{}; // bytes
    double busy_ms{};  // of the processor, in idle_for
};

double milliseconds_since(stopwatch::time_point began)
{
    return std::chrono::duration<double, std::milli>{stopwatch::now() - began}.count();
}

double median(std::vector<double> all)
{
    std::ranges::sort(all);
    return all.at(all.size() / 2);
}

double resident_bytes()
{
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

// One of `trackers`, with its part of the watches: bugs that were all seen, their appointments spread over a
// week.
void add_tracker(storage::store& to, std::size_t t, std::size_t trackers, std::size_t watches, utc_time now)
{
    auto const name = fmt::format("t{:05}", t);
    auto const base = fmt::format("https://{}.example/", name);
    auto const row =
        to.add_tracker({.kind = "bugzilla", .name = name, .base_url = base, .created_at = now}).value();
    storage::report all{.from = row.id, .at = now};
    for (std::size_t i = t; i < watches; i += trackers) {
        auto const bug = to.add_bug(row.id, std::to_string(i + 1), now);
        to.add_watch(bug, {.label = fmt::format("package-{}", i / 4), .source = "typed"}, now);
        storage::bug_state state{.id = bug, .remote_id = std::to_string(i + 1)};
        state.state = status::confirmed;
        state.last_outcome = outcome::seen;
        state.checked_at = state.seen_at = state.changed_at = state.run_began = now;
        state.run_checks = 10; // alike: one run of them
        auto const part = static_cast<std::int64_t>(i * 2'654'435'761U % 604'800U);
        state.next_check = now + std::chrono::hours{1} + std::chrono::seconds{part};
        if (i % 100 == 0) {
            state.last_outcome = outcome::timeout;
            state.error = "no answer";
        }
        if (i % 10 == 1)
            state.state = status::fix_released;
        all.bugs.push_back(
            {.after = std::move(state),
             .changes = {{.at = now, .bug = bug, .field = "status", .after = "Confirmed"}}});
    }
    to.apply(all);
}

void make_database(std::string const& path, std::size_t watches, std::size_t trackers)
{
    auto const to = storage::store::open(path).value();
    auto const now = utc_now();
    to->in_transaction([&] {
        for (std::size_t t = 0; t != trackers; ++t)
            add_tracker(*to, t, trackers, watches, now);
    });
}

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request, net::cookie_jar&) override
    {
        throw std::logic_error("nothing is to be asked");
        co_return error{};
    }
};

void throw_failure(std::exception_ptr e, result<void> const& done)
{
    if (e)
        std::rethrow_exception(e);
    if (!done)
        throw std::runtime_error(to_string(done.error()));
}

// An engine over a database, and what it needs.
struct engine_room {
    explicit engine_room(std::string const& path)
        : writer{storage::store::open(path).value()},
          reader{storage::reader::open(path).value()},
          engine{
              {.executor = loop.get_executor(),
               .time = time,
               .network = network,
               .set_budget = [](std::string const&, net::budget_settings const&) {},
               .writer = writer,
               .reader = reader,
               .kinds = kinds,
               .log = log},
              {}}
    {
        asio::co_spawn(loop, engine.load(), throw_failure);
        loop.run();
        loop.restart();
    }

    asio::io_context loop{1};
    machine_clock const time;
    no_client network;
    adapters::registry const kinds;
    silent_logger log;
    storage::writer writer;
    storage::background_reader reader;
    check::engine engine;
};

// Loads an engine and measures what that took and what it holds.
void load_engine(std::string const& path, results& into)
{
    auto const began = stopwatch::now();
    engine_room const loaded{path};
    into.load_ms = milliseconds_since(began);
    into.resident = resident_bytes();
}

double busy_ms()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const of = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

// Lets an engine serve for a while.
idleness idle(std::string const& path)
{
    engine_room room{path};
    asio::co_spawn(room.loop, room.engine.serve(), throw_failure);
    room.loop.run_for(std::chrono::seconds{1}); // what there is to do at the beginning
    auto const before = busy_ms();
    room.loop.run_for(idle_for);
    idleness const out{.resident = resident_bytes(), .busy_ms = busy_ms() - before};
    room.engine.stop();
    room.loop.run();
    return out;
}

double scan(std::string const& path)
{
    auto const from = storage::reader::open(path).value();
    std::size_t rows = 0;
    auto const began = stopwatch::now();
    from->each_appointment(std::nullopt, storage::bug_id{}, [&](storage::appointment const&) { ++rows; });
    return milliseconds_since(began);
}

// Chooses the next 1,000 that fall due, as the engine does: whose turn it is, and what is due there. Each is
// given its next appointment.
class picker {
public:
    explicit picker(std::string const& path)
    {
        auto const from = storage::reader::open(path).value();
        for (auto* const d : all_.take_in(check::read_trackers(*from, {}, {}, utc_now()), on_))
            turns_.sleep(*d, *d->due.earliest());
    }

    double pick()
    {
        auto const began = stopwatch::now();
        std::size_t got = 0;
        while (got < to_pick) {
            auto const now = *turns_.next_wake();
            turns_.wake(now);
            while (auto* const d = turns_.next({})) {
                for (auto const& e : d->due.take_due(now, to_pick)) {
                    ++got;
                    d->due.add(check::agenda::make_entry(e.number, now + std::chrono::days{7}));
                }
                turns_.ended(*d);
                turns_.sleep(*d, *d->due.earliest());
            }
        }
        return milliseconds_since(began) * 1'000;
    }

private:
    machine_clock time_;
    check::timeline on_{time_};
    check::roster all_;
    check::turns turns_;
};

results measure(std::string const& path)
{
    results out;
    scan(path); // the file is read once before anything is measured
    load_engine(path, out);
    std::vector<double> scans;
    for (int i = 0; i != 5; ++i)
        scans.push_back(scan(path));
    out.scan_ms = median(scans);
    picker one{path};
    std::vector<double> picks;
    for (int i = 0; i != 101; ++i)
        picks.push_back(one.pick());
    out.pick_us = median(picks);
    return out;
}

// In a process of its own, so that nothing of one size is left in the memory of the other.
template <class Results>
Results measure_alone(Results (*measured)(std::string const&), std::string const& path)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    auto const child = ::fork();
    if (child == 0) {
        auto const got = measured(path);
        bool const told = ::write(ends[1], &got, sizeof got) == static_cast<ssize_t>(sizeof got);
        ::_exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    Results got;
    bool const whole = ::read(ends[0], &got, sizeof got) == static_cast<ssize_t>(sizeof got);
    ::close(ends[0]);
    int how = 0;
    ::waitpid(child, &how, 0);
    if (!whole || how != 0)
        throw std::runtime_error("a measurement failed");
    return got;
}

void print(std::size_t watches, results const& r, bool json)
{
    if (json)
        fmt::print(
            "{{\"watches\":{},\"scan_ms\":{:.1f},\"load_ms\":{:.1f},\"resident\":{:.0f},\"pick_us\":{:.1f}}}"
            "\n",
            watches,
            r.scan_ms,
            r.load_ms,
            r.resident,
            r.pick_us);
    else
        fmt::print(
            "{:8} {:8.1f} {:8.1f} {:9.2f} {:13.1f} {:17.1f}\n",
            watches,
            r.scan_ms,
            r.load_ms,
            r.load_ms / r.scan_ms,
            r.resident / 1024 / 1024,
            r.pick_us);
}

void print(std::size_t trackers, idleness const& r, bool json)
{
    if (json)
        fmt::print(
            "{{\"idle_trackers\":{},\"resident\":{:.0f},\"busy_ms\":{:.1f}}}\n",
            trackers,
            r.resident,
            r.busy_ms);
    else
        fmt::print("{:13} {:13.1f} {:17.1f}\n", trackers, r.resident / 1024 / 1024, r.busy_ms);
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t watches = 1'000'000;
    std::size_t trackers = 2'000;
    bool json = false;
    CLI::App options{"What many watches cost the engine, against a tenth of them"};
    options.add_option("--watches", watches, "watches")->check(CLI::Range(100'000, 100'000'000));
    options.add_option("--trackers", trackers, "trackers that they are spread over")
        ->check(CLI::Range(1, 10'000));
    options.add_flag("--json", json, "one object a line");
    CLI11_PARSE(options, argc, argv);

    auto pattern = (std::filesystem::temp_directory_path() / "checkwatches-million-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return 1;
    std::filesystem::path const folder = pattern;
    std::vector<results> got;
    if (!json)
        fmt::print(" watches  scan ms  load ms  load/scan  resident MiB  next 1,000 in us\n");
    for (auto const size : {watches / 10, watches}) {
        auto const path = (folder / std::to_string(size)).string();
        make_database(path, size, trackers);
        got.push_back(measure_alone(measure, path));
        print(size, got.back(), json);
    }
    double slowest = 0;
    auto const few_reads = time_page_reads((folder / std::to_string(watches / 10)).string());
    auto const many_reads = time_page_reads((folder / std::to_string(watches)).string());
    if (!json)
        fmt::print("{:22} us with a tenth  us with all\n", "what a page reads");
    for (std::size_t i = 0; i != few_reads.size(); ++i) {
        auto const& [what, few_us] = few_reads[i];
        auto const many_us = many_reads[i].us;
        slowest = std::max(slowest, many_us / std::max(few_us, least_read_us / most_times_to_read));
        if (json)
            fmt::print("{{\"read\":\"{}\",\"few_us\":{:.0f},\"many_us\":{:.0f}}}\n", what, few_us, many_us);
        else
            fmt::print("{:22} {:15.0f} {:12.0f}\n", what, few_us, many_us);
    }
    std::vector<idleness> idling;
    if (!json)
        fmt::print("idle trackers  resident MiB  busy ms in {} s\n", idle_for.count());
    for (auto const count : {trackers, trackers * 10}) {
        auto const path = (folder / fmt::format("idle-{}", count)).string();
        make_database(path, idle_watches, count);
        idling.push_back(measure_alone(idle, path));
        print(count, idling.back(), json);
    }
    std::filesystem::remove_all(folder);

    auto const& [few, many] = std::pair{got[0], got[1]};
    auto const scans = many.load_ms / many.scan_ms;
    auto const bytes = (many.resident - few.resident) / (static_cast<double>(watches) * 0.9);
    auto const picks = many.pick_us / few.pick_us;
    auto const bytes_a_tracker = (idling[1].resident - idling[0].resident)
                                 / (static_cast<double>(trackers) * 9);
    bool const kept = scans <= most_scans && bytes < most_bytes_a_watch && picks <= most_times_to_pick
                      && slowest <= most_times_to_read && bytes_a_tracker <= most_bytes_a_tracker;
    if (json)
        fmt::print(
            "{{\"load_per_scan\":{:.2f},\"bytes_a_watch\":{:.1f},\"pick_ratio\":{:.2f},\"bytes_a_tracker\":{:"
            ".0f},"
            "\"kept\":{}}}\n",
            scans,
            bytes,
            picks,
            bytes_a_tracker,
            kept);
    else
        fmt::print(
            "load {:.2f} scans (at most {:.0f}), {:.1f} bytes a watch (below {:.0f}), picking {:.2f} times "
            "(at most {:.0f}), {:.0f} bytes an idle tracker (at most {:.0f})\n",
            scans,
            most_scans,
            bytes,
            most_bytes_a_watch,
            picks,
            most_times_to_pick,
            bytes_a_tracker,
            most_bytes_a_tracker);
    if (!kept)
        std::fputs("million: a bound is not kept\n", stderr);
    return kept ? 0 : 1;
}
