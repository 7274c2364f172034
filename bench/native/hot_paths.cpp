// The paths that each bug goes through at each check, one a run, for their instructions to be counted:
//
//   valgrind --tool=callgrind --instr-atstart=no checkwatches-hot-paths PATH
//
// Only the calls themselves are counted, not what they are made ready by. tests/bench/budget_test.py runs all
// paths and compares them with bench/budgets.toml.
#include "hot_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string_view>
#include <valgrind/callgrind.h>

namespace {

constexpr std::size_t calls = 10;

std::vector<hot_path> all_paths()
{
    auto all = reading_paths();
    for (auto& path : settling_paths())
        all.push_back(std::move(path));
    return all;
}

// The first call allocates what later ones find: it is not counted.
void run(hot_path const& path)
{
    auto const work = path.make();
    std::vector<std::function<void()>> ready;
    for (std::size_t i = 0; i != calls + 1; ++i)
        ready.push_back(work.prepare());
    ready.front()();
    CALLGRIND_START_INSTRUMENTATION;
    for (std::size_t i = 1; i != ready.size(); ++i)
        ready[i]();
    CALLGRIND_STOP_INSTRUMENTATION;
    fmt::print("{{\"calls\":{},\"bugs\":{}}}\n", calls, work.bugs);
}

} // namespace

int main(int argc, char** argv)
try {
    auto const all = all_paths();
    if (argc == 2 && std::string_view{argv[1]} == "--list") {
        for (auto const& path : all)
            fmt::print("{}\n", path.name);
        return 0;
    }
    auto const found = argc == 2 ? std::ranges::find(all, std::string_view{argv[1]}, &hot_path::name)
                                 : all.end();
    if (found == all.end()) {
        std::fputs("usage: checkwatches-hot-paths --list | PATH\n", stderr);
        return 2;
    }
    run(*found);
    return 0;
}
catch (std::exception const& e) {
    fmt::print(stderr, "hot-paths: {}\n", e.what());
    return 1;
}
