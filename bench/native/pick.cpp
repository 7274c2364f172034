// How long it takes to choose the next 1,000 bugs that are due, of so many: whose turn it is and what is due
// there, as the engine does it, each bug then given its next appointment. The sizes take turns. One JSON
// object for each.
#include "engine/check/roster.hpp"
#include "engine/check/turns.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <vector>

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

namespace {

constexpr std::size_t to_pick = 1'000;
constexpr std::chrono::days interval{7};
constexpr std::uint64_t scatter = 2'654'435'761U;

class picker {
public:
    // Appointments spread evenly over the interval.
    picker(std::size_t watches, std::size_t trackers)
    {
        auto const now = utc_now();
        auto const seconds = static_cast<std::uint64_t>(std::chrono::seconds{interval}.count());
        std::vector<check::tracker_file> files(trackers);
        for (std::size_t t = 0; t != trackers; ++t) {
            auto const name = fmt::format("t{:05}", t);
            files[t].tracker = {
                .id = static_cast<storage::tracker_id>(t + 1),
                .kind = "bugzilla",
                .name = name,
                .base_url = fmt::format("https://{}.example/", name)};
            for (std::size_t i = t; i < watches; i += trackers) {
                auto const number = static_cast<std::uint32_t>(i / trackers + 1);
                auto const due = now + std::chrono::seconds{i * scatter % seconds};
                files[t].due.push_back(check::agenda::make_entry(number, due));
            }
        }
        for (auto* const d : all_.take_in(std::move(files), on_))
            turns_.sleep(*d, *d->due.earliest());
    }
    picker(picker const&) = delete;

    double pick_us()
    {
        auto const began = stopwatch::now();
        for (std::size_t got = 0; got < to_pick;) {
            auto const now = *turns_.next_wake();
            turns_.wake(now);
            while (auto* const d = turns_.next({})) {
                for (auto const& e : d->due.take_due(now, to_pick)) {
                    ++got;
                    d->due.add(check::agenda::make_entry(e.number, now + interval));
                }
                turns_.ended(*d);
                turns_.sleep(*d, *d->due.earliest());
            }
        }
        return std::chrono::duration<double, std::micro>{stopwatch::now() - began}.count();
    }

private:
    machine_clock time_;
    check::timeline on_{time_};
    check::roster all_;
    check::turns turns_;
};

struct contestant {
    contestant(std::size_t watched, std::size_t trackers) : watches{watched}, picks{watched, trackers} {}

    std::size_t watches;
    picker picks; // not moved: its parts refer to each other
    std::vector<double> took{};
};

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::size_t> sizes{1'000'000, 10'000'000};
    std::size_t trackers = 2'000;
    int rounds = 301;
    CLI::App options{"How long it takes to choose the next 1,000 that are due"};
    options.add_option("--watches", sizes, "sizes")->check(CLI::Range(10'000, 100'000'000));
    options.add_option("--trackers", trackers, "that they are spread over")->check(CLI::Range(1, 10'000));
    options.add_option("--rounds", rounds, "picks of each")->check(CLI::Range(1, 100'000));
    CLI11_PARSE(options, argc, argv);

    std::deque<contestant> all;
    for (auto const size : sizes)
        all.emplace_back(size, trackers);
    for (int i = 0; i != rounds; ++i)
        for (auto& each : all)
            each.took.push_back(each.picks.pick_us());
    for (auto& each : all) {
        std::ranges::sort(each.took);
        fmt::print(
            "{{\"watches\":{},\"pick_us\":{:.1f}}}\n", each.watches, each.took.at(each.took.size() / 2));
    }
    return 0;
}
