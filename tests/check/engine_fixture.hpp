#pragma once

#include "engine/check/engine.hpp"
#include "storage/reader.hpp"
#include "tests/check/scripted_kind.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace checkwatches::test {

using namespace checkwatches::check;

// Remembers what it was told.
class pass_recorder final : public pass_observer {
public:
    std::size_t trackers = 0;
    std::size_t bugs = 0;
    std::vector<std::string> done;
    std::function<void()> at_first_batch;

    void on_plan(std::size_t t, std::size_t b) override
    {
        trackers = t;
        bugs = b;
    }
    void on_batch(tracker_tally const&) override
    {
        if (at_first_batch)
            std::exchange(at_first_batch, nullptr)();
    }
    void on_tracker(tracker_tally const& tally) override { done.push_back(tally.tracker); }
};

// An engine over a real store with trackers "a", "b", … of so many bugs each.
struct engine_fixture {
    temporary_folder folder;
    std::string path = folder.file("w.db");
    asio::io_context loop{1};
    scripted_kind* kind = nullptr; // the registry's
    machine_clock time;
    no_client client;
    adapters::registry kinds = make_kinds();
    silent_logger log;
    std::unique_ptr<storage::writer> writer;
    std::unique_ptr<storage::background_reader> reader;
    engine_settings settings;
    std::map<std::string, net::budget_settings> budgets;
    engine_observer* observer = nullptr;
    std::unique_ptr<engine> the_engine;

    explicit engine_fixture(std::vector<int> const& bugs)
    {
        auto store = storage::store::open(path).value();
        add(*store, bugs);
        writer = std::make_unique<storage::writer>(std::move(store));
        reader = std::make_unique<storage::background_reader>(storage::reader::open(path).value());
        begin();
    }

    adapters::registry make_kinds()
    {
        auto one = std::make_unique<scripted_kind>();
        kind = one.get();
        std::vector<std::unique_ptr<adapters::adapter const>> all;
        all.push_back(std::move(one));
        return adapters::registry{std::move(all)};
    }

    void add(storage::store& to, std::vector<int> const& bugs) const
    {
        char name = 'a';
        for (auto const count : bugs) {
            std::string const text{name++};
            auto const t = to.add_tracker({.kind = "fake",
                                           .name = text,
                                           .base_url = "https://" + text + ".example/",
                                           .created_at = time.now()})
                               .value();
            to.in_transaction([&] {
                for (int i = 1; i <= count; ++i)
                    to.add_bug(t.id, std::to_string(i), time.now());
            });
        }
    }

    void begin()
    {
        engine_parts const parts{
            .executor = loop.get_executor(),
            .time = time,
            .network = client,
            .set_budget = [this](std::string const& o, net::budget_settings const& b) { budgets[o] = b; },
            .writer = *writer,
            .reader = *reader,
            .kinds = kinds,
            .log = log,
            .observer = observer};
        the_engine = std::make_unique<engine>(parts, settings);
        REQUIRE(test::run(loop, the_engine->load()));
    }

    pass_result check(pass_request wanted = {})
    {
        pass_recorder told;
        auto done = test::run(loop, the_engine->check(std::move(wanted), told));
        REQUIRE(done);
        return *done;
    }

    // Serves until `enough` says so.
    void serve_until(std::function<bool()> const& enough)
    {
        auto watch = [&]() -> awaitable<void> {
            asio::steady_timer pause{loop};
            while (!enough()) {
                pause.expires_after(std::chrono::milliseconds{1});
                co_await pause.async_wait(use_awaitable);
            }
            the_engine->stop();
        };
        auto rethrow = [](std::exception_ptr e) {
            if (e)
                std::rethrow_exception(e);
        };
        asio::co_spawn(loop, watch(), rethrow);
        REQUIRE(test::run(loop, the_engine->serve()));
    }

    std::size_t seen() const
    {
        std::size_t n = 0;
        auto const in = storage::reader::open(path).value();
        in->each_bug({}, [&](storage::shown_bug const& b) { n += b.bug.seen_at ? 1 : 0; });
        return n;
    }

    storage::bug_id bug(std::string const& tracker, std::string const& id) const
    {
        auto const in = storage::reader::open(path).value();
        return in->find_bug(in->tracker_by_name(tracker)->id, id).value();
    }

    // How often each bug was asked for; ids are the same at all trackers.
    std::map<std::string, int> asked() const
    {
        std::map<std::string, int> out;
        for (auto const& look : kind->looks)
            for (auto const& id : look)
                ++out[id];
        return out;
    }
};

} // namespace checkwatches::test
