#include "page_reads.hpp"

#include "storage/reader.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

namespace {

constexpr int rounds = 51;
constexpr std::int64_t rows = 51; // a page, and whether there is more

double median_us(std::function<void()> const& read)
{
    std::vector<double> all;
    for (int i = 0; i != rounds; ++i) {
        auto const began = stopwatch::now();
        read();
        all.push_back(std::chrono::duration<double, std::micro>{stopwatch::now() - began}.count());
    }
    std::ranges::sort(all);
    return all[rounds / 2];
}

} // namespace

std::vector<page_read> time_page_reads(std::string const& database)
{
    auto const from = storage::reader::open(database).value();
    auto const& in = *from;
    auto const tracker = in.trackers().at(7).id;
    auto const some = in.list_bugs({.of = tracker}, 1).at(0).bug;
    auto const label = std::string{"package-77"};
    auto const day = std::chrono::floor<std::chrono::days>(utc_now()).time_since_epoch().count() - 30;
    return {
        {"bugs", median_us([&] { in.list_bugs({}, rows); })},
        {"bugs of a tracker", median_us([&] { in.list_bugs({.of = tracker}, rows); })},
        {"bugs that fail", median_us([&] { in.list_bugs({.failing = true}, rows); })},
        {"bugs of a label", median_us([&] { in.list_bugs({.label = label}, rows); })},
        {"one bug", median_us([&] { in.each_bug({.bugs = {some.id}}, [](auto const&) {}); })},
        {"its checks", median_us([&] { in.runs(some.id); })},
        {"its changes", median_us([&] { in.list_changes({.bug = some.id}, rows); })},
        {"its watches", median_us([&] { in.watches(some.id); })},
        {"watches", median_us([&] { in.list_watches({}, rows); })},
        {"labels", median_us([&] { in.watch_groups(storage::watch_field::label, "", rows); })},
        {"changes", median_us([&] { in.list_changes({}, rows); })},
        {"changes of a tracker", median_us([&] { in.list_changes({.of = tracker}, rows); })},
        {"errors", median_us([&] { in.signatures({}, rows); })},
        {"passes", median_us([&] { in.list_passes({}, rows); })},
        {"days of a tracker", median_us([&] { in.outcome_days(tracker, day); })},
        {"unmapped words", median_us([&] { in.unmapped(); })},
        {"fixed upstream", median_us([&] { in.list_fixed({}, rows); })},
        {"a bug by its number", median_us([&] { in.bugs_numbered(some.remote_id, rows); })}};
}
