// How fast settled reports become durable: by the store, one transaction after the other; by the writer,
// whose callers share transactions; and by a bare SQLite loop that runs the store's own statements, as SQLite
// tells them, on a copy of the same database. Then how often the disk is waited for at two rates of reports
// in the same time, and how soon a reader sees a change once it is durable. One JSON object a line.
#include "storage/background_reader.hpp"
#include "storage/writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <stdlib.h>

#include "store_reports.hpp"
#include "store_tape.hpp"
#include "sync_count.hpp"

using namespace checkwatches;
namespace fs = std::filesystem;
using stopwatch = std::chrono::steady_clock;

namespace {

constexpr std::size_t slices = 8; // store and bare loop take turns that often in a round
constexpr std::size_t callers = 64;
constexpr std::size_t bugs_of_paced_report = 10;
constexpr int changes_to_see = 200;

struct arguments {
    load_shape shape{};
    unsigned rounds = 5;
    std::size_t huge = 100'000; // bugs in the one huge transaction; the others settle as many or fewer
    unsigned pace_ms = 1'000;   // for each of the two rates
};

double seconds_of(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct spent {
    std::size_t bugs{};
    double wall{}; // seconds
    double cpu{};
    std::int64_t syncs{};
};

// What `work` costs the thread, or the whole process.
template <class Work>
void add_cost(spent& to, clockid_t whose, Work work)
{
    auto const syncs = syncs_so_far().count;
    auto const cpu = seconds_of(whose);
    auto const began = stopwatch::now();
    work();
    to.wall += std::chrono::duration<double>{stopwatch::now() - began}.count();
    to.cpu += seconds_of(whose) - cpu;
    to.syncs += syncs_so_far().count - syncs;
}

void print(std::string_view by, std::string_view where, std::size_t batch, unsigned round, spent const& s)
{
    fmt::print(
        "{{\"what\":\"settle\",\"by\":\"{}\",\"where\":\"{}\",\"batch\":{},\"round\":{},\"bugs\":{},\"wall_"
        "s\":{:.6f},"
        "\"cpu_s\":{:.6f},\"syncs\":{}}}\n",
        by,
        where,
        batch,
        round,
        s.bugs,
        s.wall,
        s.cpu,
        s.syncs);
}

void write(storage::store& to, reports const& all)
{
    for (auto const& each : all)
        to.apply(each);
}

void throw_failure(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

// Copies of one database.
struct copies {
    explicit copies(fs::path const& folder, settled_bugs& bugs)
    {
        auto const first = folder / "recorded";
        bugs.make_database(first);
        for (auto const* name : {"stored", "bare", "written"})
            fs::copy_file(first, folder / name);
    }
};

class contest {
public:
    contest(fs::path const& folder, settled_bugs& bugs)
        : bugs_{bugs},
          recorded_{folder / "recorded"},
          store_{storage::store::open(folder / "stored").value()},
          bare_{folder / "bare"}
    {}

    // So many bugs by transactions of `batch` each, by the store and by the bare loop in turns.
    void run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round)
    {
        spent stored;
        spent bare;
        auto const in_slice = std::max<std::size_t>(bugs / batch / slices, 1);
        for (std::size_t slice = 0; stored.bugs < bugs; ++slice) {
            std::vector<reports> all;
            std::vector<statement_tape> tapes;
            for (std::size_t i = 0; i != in_slice; ++i) {
                all.push_back(scattered ? bugs_.scattered(batch) : bugs_.neighbours(batch));
                tapes.push_back(recorded_.record([&](storage::store& to) { write(to, all.back()); }));
            }
            auto const by_store = [&] {
                for (auto const& each : all)
                    store_->in_transaction([&] { write(*store_, each); });
            };
            auto const by_hand = [&] {
                for (auto const& each : tapes)
                    bare_.play(each, recorded_.texts());
            };
            if (slice % 2 == 0)
                add_cost(stored, CLOCK_THREAD_CPUTIME_ID, by_store);
            add_cost(bare, CLOCK_THREAD_CPUTIME_ID, by_hand);
            if (slice % 2 != 0)
                add_cost(stored, CLOCK_THREAD_CPUTIME_ID, by_store);
            stored.bugs += in_slice * batch;
            bare.bugs = stored.bugs;
        }
        if (round == 0)
            return;
        auto const* const where = scattered ? "scattered" : "neighbours";
        print("store", where, batch, round, stored);
        print("bare", where, batch, round, bare);
    }

private:
    settled_bugs& bugs_;
    recording_store recorded_;
    std::unique_ptr<storage::store> store_;
    bare_loop bare_;
};

// The writer, and a reader on its database, as the engine has them.
class engine_side {
public:
    engine_side(fs::path const& folder, settled_bugs& bugs)
        : bugs_{bugs},
          writer_{storage::store::open(folder / "written").value()},
          reader_{storage::reader::open(folder / "written").value()}
    {}

    // So many bugs by reports of `batch` each, from callers of whom each waits for its last one.
    void run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round)
    {
        std::deque<storage::report> waiting;
        for (std::size_t i = 0; i < bugs; i += batch)
            for (auto& one : scattered ? bugs_.scattered(batch) : bugs_.neighbours(batch))
                waiting.push_back(std::move(one));
        for (std::size_t i = 0; i != callers; ++i)
            asio::co_spawn(loop_, hand_in(waiting), throw_failure);
        spent s{.bugs = bugs};
        add_cost(s, CLOCK_PROCESS_CPUTIME_ID, [&] { loop_.run(); });
        loop_.restart();
        if (round != 0)
            print("writer", scattered ? "scattered" : "neighbours", batch, round, s);
    }

    // Reports at a rate, for a while.
    void pace(std::size_t reports_a_second, std::chrono::milliseconds how_long, unsigned round)
    {
        auto const count = reports_a_second * static_cast<std::size_t>(how_long.count()) / 1'000;
        std::vector<storage::report> all;
        for (std::size_t i = 0; i != count; ++i)
            all.push_back(std::move(bugs_.neighbours(bugs_of_paced_report).front()));
        spent s{.bugs = count * bugs_of_paced_report};
        asio::co_spawn(loop_, hand_in_slowly(all, how_long / static_cast<double>(count)), throw_failure);
        add_cost(s, CLOCK_PROCESS_CPUTIME_ID, [&] { loop_.run(); });
        loop_.restart();
        if (round != 0)
            fmt::print(
                "{{\"what\":\"pace\",\"reports\":{},\"round\":{},\"wall_s\":{:.3f},\"syncs\":{}}}\n",
                count,
                round,
                s.wall,
                s.syncs);
    }

    // From when a change is durable to when a reader on a thread of its own has it.
    void see_changes(unsigned round)
    {
        std::vector<double> all;
        asio::co_spawn(loop_, change_and_read(all), throw_failure);
        loop_.run();
        loop_.restart();
        std::ranges::sort(all);
        if (round != 0)
            fmt::print(
                "{{\"what\":\"first_reader\",\"round\":{},\"changes\":{},\"median_us\":{:.1f},\"p95_us\":{:."
                "1f}}}\n",
                round,
                all.size(),
                all[all.size() / 2],
                all[all.size() * 95 / 100]);
    }

private:
    awaitable<void> hand_in(std::deque<storage::report>& waiting)
    {
        while (!waiting.empty()) {
            auto next = std::move(waiting.front());
            waiting.pop_front();
            auto const done = co_await writer_.apply(std::move(next));
            done.value();
        }
    }

    awaitable<void>
    hand_in_slowly(std::vector<storage::report>& all, std::chrono::duration<double, std::milli> gap)
    {
        asio::steady_timer timer{loop_};
        auto const began = stopwatch::now();
        for (std::size_t i = 0; i != all.size(); ++i) {
            timer.expires_at(
                began + std::chrono::duration_cast<stopwatch::duration>(gap * static_cast<double>(i)));
            co_await timer.async_wait(use_awaitable);
            auto work = [this, one = std::move(all[i])]() mutable -> awaitable<void> {
                auto const done = co_await writer_.apply(std::move(one));
                done.value();
            };
            asio::co_spawn(loop_, std::move(work), throw_failure);
        }
    }

    awaitable<void> change_and_read(std::vector<double>& all)
    {
        for (int i = 0; i != changes_to_see;) {
            auto one = std::move(bugs_.neighbours(1).front());
            bool const changes = !one.bugs.front().changes.empty();
            auto const done = co_await writer_.apply(std::move(one));
            if (!changes) {
                done.value();
                continue;
            }
            auto const wanted = done.value().changes.back().id;
            auto look = [wanted](storage::reader const& in) {
                return in.changes(wanted - 1, 1).size() == 1 ? stopwatch::now() : stopwatch::time_point{};
            };
            auto const durable = syncs_so_far().last;
            auto const seen = co_await reader_.run(look);
            if (seen.value() == stopwatch::time_point{})
                throw std::logic_error{"a change that nobody sees"};
            all.push_back(std::chrono::duration<double, std::micro>{seen.value() - durable}.count());
            ++i;
        }
    }

    settled_bugs& bugs_;
    asio::io_context loop_{1};
    storage::writer writer_;
    storage::background_reader reader_;
};

void run_all(arguments const& given, fs::path const& folder)
{
    settled_bugs bugs{given.shape};
    copies const made{folder, bugs};
    contest two{folder, bugs};
    engine_side engine{folder, bugs};
    for (unsigned round = 0; round <= given.rounds; ++round) {
        for (bool const scattered : {false, true}) {
            // Bugs from anywhere cost many times as much: fewer of them tell as well.
            auto const most = scattered ? given.huge / 4 : given.huge;
            two.run(scattered, 1, most / 200, round);
            two.run(scattered, 10, most / 20, round);
            two.run(scattered, 100, most / 5, round);
            two.run(scattered, 1'000, most / 2, round);
            two.run(scattered, most, most, round);
            engine.run(scattered, 1, most / 20, round);
            engine.run(scattered, 10, most / 5, round);
            engine.run(scattered, 100, most / 2, round);
        }
        std::chrono::milliseconds const how_long{given.pace_ms};
        engine.pace(200, how_long, round);
        engine.pace(2'000, how_long, round);
        engine.see_changes(round);
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char** argv)
{
    arguments given;
    CLI::App options{"How fast settled reports become durable, against a bare SQLite loop"};
    options.add_option("--bugs", given.shape.bugs, "bugs in the database")
        ->check(CLI::Range(10'000, 10'000'000));
    options.add_option("--changed", given.shape.changed_of_1000, "of 1,000 checks, those that find a change")
        ->check(CLI::Range(1, 1'000));
    options.add_option("--rounds", given.rounds, "beside a first one that is not printed");
    options.add_option("--huge", given.huge, "bugs in the one huge transaction")
        ->check(CLI::Range(8'000, 1'000'000));
    options.add_option("--pace", given.pace_ms, "milliseconds for each of the two rates");
    CLI11_PARSE(options, argc, argv);

    auto pattern = (fs::temp_directory_path() / "checkwatches-store-load-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return 1;
    int failed = 0;
    try {
        run_all(given, pattern);
    }
    catch (std::exception const& e) {
        fmt::print(stderr, "store-load: {}\n", e.what());
        failed = 1;
    }
    fs::remove_all(pattern);
    return failed;
}
