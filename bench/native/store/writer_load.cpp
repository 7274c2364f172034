#include "writer_load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "cost.hpp"

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

namespace {

constexpr std::size_t callers = 64;
constexpr std::size_t bugs_of_paced_report = 10;
constexpr int changes_to_see = 200;

void throw_failure(std::exception_ptr e)
{
    if (e)
        std::rethrow_exception(e);
}

} // namespace

writer_load::writer_load(std::filesystem::path const& database, settled_bugs& bugs)
    : bugs_{bugs},
      writer_{storage::store::open(database).value()},
      reader_{storage::reader::open(database).value()}
{}

void writer_load::run(bool scattered, std::size_t batch, std::size_t bugs, unsigned round)
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
        print("writer", scattered, batch, s);
}

void writer_load::pace(std::size_t reports_a_second, std::chrono::milliseconds how_long, unsigned round)
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
            R"({{"what":"pace","reports":{},"wall_s":{:.3f},"syncs":{}}})"
            "\n",
            count,
            s.wall,
            s.syncs);
}

void writer_load::see_changes(unsigned round)
{
    std::vector<double> all;
    asio::co_spawn(loop_, change_and_read(all), throw_failure);
    loop_.run();
    loop_.restart();
    std::ranges::sort(all);
    if (round != 0)
        fmt::print(
            R"({{"what":"first_reader","changes":{},"median_us":{:.1f},"p95_us":{:.1f}}})"
            "\n",
            all.size(),
            all[all.size() / 2],
            all[all.size() * 95 / 100]);
}

awaitable<void> writer_load::hand_in(std::deque<storage::report>& waiting)
{
    while (!waiting.empty()) {
        auto next = std::move(waiting.front());
        waiting.pop_front();
        auto const done = co_await writer_.apply(std::make_shared<storage::report const>(std::move(next)));
        done.value();
    }
}

awaitable<void>
writer_load::hand_in_slowly(std::vector<storage::report>& all, std::chrono::duration<double, std::milli> gap)
{
    asio::steady_timer timer{loop_};
    auto const began = stopwatch::now();
    for (std::size_t i = 0; i != all.size(); ++i) {
        timer.expires_at(
            began + std::chrono::duration_cast<stopwatch::duration>(gap * static_cast<double>(i)));
        co_await timer.async_wait(use_awaitable);
        auto work = [this, one = std::move(all[i])]() mutable -> awaitable<void> {
            auto const done = co_await writer_.apply(std::make_shared<storage::report const>(std::move(one)));
            done.value();
        };
        asio::co_spawn(loop_, std::move(work), throw_failure);
    }
}

awaitable<void> writer_load::change_and_read(std::vector<double>& all)
{
    for (int i = 0; i != changes_to_see;) {
        auto one = std::move(bugs_.neighbours(1).front());
        bool const changes = !one.bugs.front().changes.empty();
        auto const done = co_await writer_.apply(std::make_shared<storage::report const>(std::move(one)));
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
