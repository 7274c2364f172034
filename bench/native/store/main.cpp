// How fast settled reports become durable: by the store, one transaction after the other; by the writer,
// whose callers share transactions; and by a bare SQLite loop that runs the store's own statements, as SQLite
// tells them, on a copy of the same database. Then how often the disk is waited for at two rates of reports
// in the same time, and how soon a reader sees a change once it is durable. One JSON object a line.
//
//   checkwatches-store-load --alone 100,20000 --bugs 20000 --changed 0
//
// has only the store and the bare loop in turns, by transactions of these sizes.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdlib.h>
#include <vector>

#include "turns.hpp"
#include "writer_load.hpp"

namespace fs = std::filesystem;

namespace {

struct arguments {
    load_shape shape{};
    unsigned rounds = 5;
    std::size_t huge = 100'000;       // bugs in the one huge transaction; the others settle as many or fewer
    unsigned pace_ms = 1'000;         // for each of the two rates
    std::vector<std::size_t> alone{}; // sizes of transactions; nothing else is measured where there are some
};

// Every bug once a round, by the store and the bare loop, in transactions of these sizes.
void run_alone(arguments const& given, store_turns& two)
{
    for (unsigned round = 0; round <= given.rounds; ++round)
        for (auto const batch : given.alone)
            two.run(false, batch, given.shape.bugs, round);
}

void run_all(arguments const& given, fs::path const& folder)
{
    settled_bugs bugs{given.shape};
    bugs.make_database(folder / "recorded");
    for (auto const* name : {"stored", "bare", "written"})
        fs::copy_file(folder / "recorded", folder / name);
    store_turns two{folder / "recorded", folder / "stored", folder / "bare", bugs};
    if (!given.alone.empty()) {
        run_alone(given, two);
        compare_databases(folder / "stored", folder / "bare", given.shape);
        return;
    }
    writer_load engine{folder / "written", bugs};
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
    compare_databases(folder / "stored", folder / "bare", given.shape);
}

} // namespace

int main(int argc, char** argv)
{
    arguments given;
    CLI::App options{"How fast settled reports become durable, against a bare SQLite loop"};
    options.add_option("--bugs", given.shape.bugs, "bugs in the database")
        ->check(CLI::Range(100, 10'000'000));
    options.add_option("--changed", given.shape.changed_of_1000, "of 1,000 checks, those that find a change")
        ->check(CLI::Range(0, 1'000));
    options
        .add_option(
            "--alone",
            given.alone,
            "neighbours by transactions of these sizes, by the store and the bare loop alone")
        ->delimiter(',')
        ->check(CLI::Range(1, 10'000'000));
    options.add_option("--rounds", given.rounds, "beside a first one that is not printed");
    options.add_option("--huge", given.huge, "bugs in the one huge transaction")
        ->check(CLI::Range(8'000, 1'000'000));
    options.add_option("--pace", given.pace_ms, "milliseconds for each of the two rates");
    CLI11_PARSE(options, argc, argv);
    if (given.alone.empty() && given.shape.changed_of_1000 == 0) {
        fmt::print(stderr, "store-load: without changes no reader can see one: --alone SIZE\n");
        return 2;
    }

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
