#pragma once

#include "engine/feed/courier.hpp"
#include "tests/feed/scripted_sink.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkwatches::feed {

using namespace std::chrono_literals;
using checkwatches::test::run;
using storage::test::at;

// What the courier says, a line each.
class noted final : public logger {
public:
    void write(log_level, std::string_view event, std::initializer_list<log_field>) override
    {
        lines.emplace_back(event);
    }
    std::size_t count(std::string_view event) const
    {
        return static_cast<std::size_t>(std::ranges::count(lines, event));
    }

    std::vector<std::string> lines{};
};

// A database with some bugs, and a courier over it that waits but briefly.
struct dispatch {
    storage::test::scratch here{};
    asio::io_context loop{1};
    machine_clock time{};
    noted log{};
    std::vector<storage::bug_id> bugs{};
    std::unique_ptr<storage::writer> out{};
    std::unique_ptr<storage::background_reader> in{};
    std::unique_ptr<courier> all{};
    courier_settings settings{.look_every = 1h, .first_delay = 1ms, .most_delay = 4ms};

    explicit dispatch(int count = 3)
    {
        auto s = storage::test::open_store(here.path());
        bugs = storage::test::add_bugs(*s, "bugs.example.org", count);
        out = std::make_unique<storage::writer>(std::move(s));
        in = std::make_unique<storage::background_reader>(storage::test::open_reader(here.path()));
        open();
    }

    // `before` is called by whoever reads a page of the log, for each event.
    void open(std::function<void()> before = [] {})
    {
        all = std::make_unique<courier>(
            loop.get_executor(),
            courier_parts{
                .reader = *in,
                .writer = *out,
                .url_of =
                    [before = std::move(before)](auto const&, auto const& base, auto const& id) {
                        before();
                        return base + "/" + id;
                    },
                .time = time,
                .log = log},
            settings);
    }

    // `n` more changes, of the bugs in turn.
    void change(int n)
    {
        auto s = storage::test::open_store(here.path());
        s->in_transaction([&] {
            for (int i = 0; i != n; ++i)
                s->apply(storage::test::report_with_change(
                    bugs[static_cast<std::size_t>(i) % bugs.size()], fmt::format("{}", i)));
        });
    }

    void serve(std::shared_ptr<scripted_sink> to, std::optional<std::int64_t> from = 0, double rate = 0)
    {
        std::vector<served_sink> sinks;
        sinks.push_back({.to = std::move(to), .rate = rate, .from = from});
        all->serve(std::move(sinks));
    }

    // Runs the courier until `is_done`, which is asked every millisecond, then closes it.
    void run_until(std::function<bool()> is_done)
    {
        auto watch = [](dispatch& self, std::function<bool()> done) -> awaitable<void> {
            while (!done())
                co_await self.time.sleep(1ms);
            self.all->close();
        };
        auto work = [](dispatch& self) -> awaitable<bool> {
            co_await self.all->run();
            co_return true;
        };
        asio::co_spawn(loop, watch(*this, std::move(is_done)), asio::detached);
        run(loop, work(*this));
    }

    storage::sink_record record() const
    {
        auto const known = storage::test::open_reader(here.path())->sinks();
        return known.empty() ? storage::sink_record{} : known.front();
    }
    std::vector<storage::parked_event> parked() const
    {
        return storage::test::open_reader(here.path())->parked(std::nullopt, 100);
    }
};

inline std::vector<std::int64_t> numbers(std::int64_t first, std::int64_t last)
{
    std::vector<std::int64_t> out;
    for (auto i = first; i <= last; ++i)
        out.push_back(i);
    return out;
}

} // namespace checkwatches::feed
