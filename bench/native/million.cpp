// What many watches cost the engine before it asks anything, for each number of them: how long it takes to
// read the schedule, next to a bare scan of the table; what it keeps in memory; and what the pages read. Then
// what idle trackers cost: memory, and time while nothing is due. One JSON object a line.
//
//   checkwatches-million [--sizes 100000,1000000,10000000] [--trackers 2000] [--idle 2000,10000]
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "crowd.hpp"
#include "engine_room.hpp"
#include "page_reads.hpp"

namespace {

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

constexpr int rounds = 5;

struct times {
    double ms{};     // on the wall
    double cpu_ms{}; // of all threads
};

// What a loaded engine costs.
struct loaded {
    times took{};
    double without{}; // bytes resident before
    double resident{};
};

double median(std::vector<double> all)
{
    std::ranges::sort(all);
    return all.at(all.size() / 2);
}

double milliseconds_since(stopwatch::time_point began)
{
    return std::chrono::duration<double, std::milli>{stopwatch::now() - began}.count();
}

template <class Work>
times timed(Work&& work)
{
    auto const busy = busy_ms();
    auto const began = stopwatch::now();
    work();
    auto const ms = milliseconds_since(began);
    return {.ms = ms, .cpu_ms = busy_ms() - busy};
}

times median(std::vector<times> const& all)
{
    std::vector<double> ms;
    std::vector<double> cpu_ms;
    for (auto const& one : all) {
        ms.push_back(one.ms);
        cpu_ms.push_back(one.cpu_ms);
    }
    return {.ms = median(ms), .cpu_ms = median(cpu_ms)};
}

void check_code(int code, int wanted, sqlite3* db)
{
    if (code != wanted)
        throw std::runtime_error(::sqlite3_errmsg(db));
}

// SQLite alone: steps through the columns that a schedule is made of, and makes nothing of them.
times scan(std::string const& path)
{
    sqlite3* db = nullptr;
    check_code(::sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK, db);
    sqlite3_stmt* rows = nullptr;
    constexpr auto columns =
        "SELECT bug_id, next_check, checked_at IS NOT NULL FROM bug_checks ORDER BY bug_id";
    check_code(::sqlite3_prepare_v2(db, columns, -1, &rows, nullptr), SQLITE_OK, db);
    auto const took = timed([&] {
        int code = SQLITE_ROW;
        while (code == SQLITE_ROW)
            code = ::sqlite3_step(rows);
        check_code(code, SQLITE_DONE, db);
    });
    ::sqlite3_finalize(rows);
    ::sqlite3_close(db);
    return took;
}

loaded load(std::string const& path)
{
    loaded out{.without = resident_bytes()};
    std::optional<engine_room> room;
    out.took = timed([&] { room.emplace(path); });
    out.resident = resident_bytes();
    return out;
}

// In a process of its own, so that nothing of one measurement is left in the memory of the other.
template <class Measured>
auto measure_alone(Measured&& measured)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    auto const child = ::fork();
    if (child == 0) {
        auto const got = measured();
        bool const told = ::write(ends[1], &got, sizeof got) == static_cast<ssize_t>(sizeof got);
        ::_exit(told ? 0 : 1);
    }
    ::close(ends[1]);
    decltype(measured()) got;
    bool const whole = ::read(ends[0], &got, sizeof got) == static_cast<ssize_t>(sizeof got);
    ::close(ends[0]);
    int how = 0;
    ::waitpid(child, &how, 0);
    if (!whole || how != 0)
        throw std::runtime_error("a measurement failed");
    return got;
}

void make_alone(std::string const& path, std::size_t watches, std::size_t trackers)
{
    measure_alone([&] {
        make_crowd(path, watches, trackers);
        return true;
    });
}

// Starts and scans in turns.
void measure(std::string const& path, std::size_t watches)
{
    std::vector<times> scans;
    std::vector<times> loads;
    loaded last{};
    measure_alone([&] { return scan(path); }); // from here on the file is in memory
    for (int i = 0; i != rounds; ++i) {
        last = measure_alone([&] { return load(path); });
        loads.push_back(last.took);
        scans.push_back(measure_alone([&] { return scan(path); }));
    }
    auto const scanned = median(scans);
    auto const started = median(loads);
    fmt::print(
        "{{\"watches\":{},\"scan_ms\":{:.1f},\"scan_cpu_ms\":{:.1f},\"load_ms\":{:.1f},\"load_cpu_ms\":{:.1f}"
        ","
        "\"without\":{:.0f},\"resident\":{:.0f}}}\n",
        watches,
        scanned.ms,
        scanned.cpu_ms,
        started.ms,
        started.cpu_ms,
        last.without,
        last.resident);
    for (auto const& [what, us] : time_page_reads(path))
        fmt::print("{{\"read\":\"{}\",\"of\":{},\"us\":{:.0f}}}\n", what, watches, us);
}

void measure_idle(std::string const& path, std::size_t trackers, std::chrono::seconds idle_for)
{
    auto const got = measure_alone([&] { return engine_room{path}.idle(idle_for); });
    fmt::print(
        "{{\"idle_trackers\":{},\"resident\":{:.0f},\"busy_ms\":{:.1f},\"seconds\":{}}}\n",
        trackers,
        got.resident,
        got.busy_ms,
        idle_for.count());
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::size_t> sizes{100'000, 1'000'000};
    std::vector<std::size_t> idle{2'000, 10'000};
    std::size_t trackers = 2'000;
    std::size_t idle_watches = 100'000;
    unsigned seconds = 5;
    CLI::App options{"What many watches, and idle trackers, cost the engine"};
    options.add_option("--sizes", sizes, "watches")->delimiter(',')->check(CLI::Range(1'000, 100'000'000));
    options.add_option("--trackers", trackers, "trackers that they are spread over")
        ->check(CLI::Range(10, 100'000));
    options.add_option("--idle", idle, "trackers that have nothing due")
        ->delimiter(',')
        ->check(CLI::Range(10, 100'000));
    options.add_option("--seconds", seconds, "that each of these idles")->check(CLI::Range(1, 3'600));
    options.add_option("--idle-watches", idle_watches, "that these have together");
    CLI11_PARSE(options, argc, argv);

    auto pattern = (std::filesystem::temp_directory_path() / "checkwatches-million-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return 1;
    std::filesystem::path const folder = pattern;
    auto const path = (folder / "checkwatches.db").string();
    auto const with_crowd = [&](std::size_t watches, std::size_t over, auto&& measured) {
        make_alone(path, watches, over);
        measured();
        for (auto const& file : std::filesystem::directory_iterator{folder})
            std::filesystem::remove(file);
        std::fflush(stdout);
    };
    int failed = 0;
    try {
        for (auto const size : sizes)
            with_crowd(size, trackers, [&] { measure(path, size); });
        for (auto const many : idle)
            with_crowd(idle_watches, many, [&] { measure_idle(path, many, std::chrono::seconds{seconds}); });
    }
    catch (std::exception const& e) {
        fmt::print(stderr, "checkwatches-million: {}\n", e.what());
        failed = 1;
    }
    std::filesystem::remove_all(folder);
    return failed;
}
