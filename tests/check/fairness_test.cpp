#include "engine/check/engine.hpp"
#include "engine/net/budget.hpp"
#include "storage/reader.hpp"
#include "tests/check/scripted_kind.hpp"
#include "tests/support/print.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Two trackers on one host, with much and with little to ask after an outage, in virtual time.
namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

constexpr std::size_t per_second = 5;
std::string const host = "https://forge.example";

// Answers at once, when the host's budget lets it: by the arithmetic of the real one, in virtual time.
class budgeted_client final : public net::client {
public:
    budgeted_client(test::manual_clock const& time, net::budget_settings const& limits)
        : time_{time},
          budget_{limits}
    {}

    awaitable<result<net::response>> send(net::request const& rq, net::cookie_jar&) override
    {
        net::budget::time const now{time_.up()};
        if (auto const wait = budget_.deferral(now))
            co_return error{.kind = error_kind::deferred, .message = "used up", .retry_after = *wait};
        auto const at = budget_.opens(now);
        budget_.sent(at);
        auto const wait = std::chrono::duration_cast<clock::duration>(at - now);
        co_await time_.sleep(wait);
        sent.push_back(time_.up());
        last[rq.url.path] = time_.up();
        co_return net::response{.status = 200, .url = rq.url};
    }

    std::vector<clock::duration> sent;           // when
    std::map<std::string, clock::duration> last; // of each address

private:
    test::manual_clock const& time_;
    net::budget budget_;
};

struct fixture {
    explicit fixture(std::size_t at_once)
    {
        auto store = storage::store::open(path).value();
        add(*store, "/big", 10'000);
        add(*store, "/small", 10);
        writer = std::make_unique<storage::writer>(std::move(store));
        reader = std::make_unique<storage::background_reader>(storage::reader::open(path).value());
        auto one = std::make_unique<test::scripted_kind>();
        kind = one.get();
        kind->asks = true;
        std::vector<std::unique_ptr<adapters::adapter const>> all;
        all.push_back(std::move(one));
        kinds = std::make_unique<adapters::registry>(std::move(all));
        engine_settings how;
        how.budget = limits;
        how.most_trackers_of_host = at_once;
        the_engine = std::make_unique<engine>(
            engine_parts{
                .executor = loop.get_executor(),
                .time = time,
                .network = client,
                .set_budget = [](auto const&, auto const&) {},
                .writer = *writer,
                .reader = *reader,
                .kinds = *kinds,
                .log = log},
            how);
        auto live = [this]() -> awaitable<void> {
            auto const loaded = co_await the_engine->load();
            if (!loaded)
                throw std::runtime_error(to_string(loaded.error()));
            auto const one_by_one = [](storage::tracker_settings& all) { all.batch = 1; };
            auto const set = co_await the_engine->configure("small", one_by_one);
            if (!set)
                throw std::runtime_error(to_string(set.error()));
            began = time.up();
            static_cast<void>(co_await the_engine->serve());
        };
        asio::co_spawn(loop, std::move(live), [](std::exception_ptr failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    }
    ~fixture()
    {
        the_engine->stop();
        in.settle();
    }
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;

    void add(storage::store& to, std::string const& where, int bugs) const
    {
        auto const t = to.add_tracker({.kind = "fake",
                                       .name = where.substr(1),
                                       .base_url = host + where,
                                       .created_at = time.now()})
                           .value();
        to.in_transaction([&] {
            for (int i = 1; i <= bugs; ++i)
                to.add_bug(t.id, std::to_string(i), time.now() - 24h);
        });
    }

    std::size_t seen() const
    {
        std::size_t n = 0;
        auto const from = storage::reader::open(path).value();
        from->each_bug({}, [&](storage::shown_bug const& b) { n += b.bug.seen_at ? 1 : 0; });
        return n;
    }

    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    asio::io_context loop{1};
    test::manual_clock time;
    net::budget_settings limits{.connections = 2, .requests_per_second = per_second};
    budgeted_client client{time, limits};
    silent_logger log;
    test::scripted_kind* kind = nullptr; // the registry's
    std::unique_ptr<adapters::registry> kinds;
    std::unique_ptr<storage::writer> writer;
    std::unique_ptr<storage::background_reader> reader;
    std::unique_ptr<engine> the_engine;
    test::simulation in{loop, time, [this] {
                            return kind->under_way != 0 || writer->health().pending != 0
                                   || reader->pending() != 0;
                        }};
    clock::duration began{};
};

} // namespace

TEST_CASE("ten thousand overdue bugs are spread by the host's budget, and leave room for a neighbour's ten")
{
    // At the same time, or, where the host may be asked for one tracker only, in turns.
    for (std::size_t const at_once : {4U, 1U}) {
        INFO("trackers at once: " << at_once);
        fixture f{at_once};
        // The first batch is smaller where turns are taken: nobody knows yet how large one may be.
        std::size_t const requests = 10'000 / 10 + 10 + (at_once == 1 ? 1 : 0);
        clock::duration const needed = std::chrono::seconds{requests} / per_second;
        f.in.run_for(needed / 2);
        CHECK(f.client.sent.size() <= requests / 2 + 1);
        f.in.run_for(needed / 2);

        CHECK(f.seen() == 10'010);
        REQUIRE(f.client.sent.size() == requests);
        CHECK(f.client.last.at("/big") - f.began <= needed);
        CHECK(f.client.last.at("/big") - f.began > needed - 1s);
        for (std::size_t i = per_second; i != requests; ++i)
            if (f.client.sent[i] - f.client.sent[i - per_second] < 1s)
                FAIL("more requests than the budget's in the second before request " << i);
        // The ten of the small one take two seconds; what goes between them is at most as much again, and a
        // turn.
        CHECK(f.client.last.at("/small") - f.began <= 6s);
    }
}
