#include "engine/check/tracker_job.hpp"
#include "storage/reader.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;

// Answers as scripted; remembers what it was asked.
class scripted_kind final : public adapters::adapter {
public:
    result<capabilities> probed = capabilities{.protocol = "fake", .batch = 10};
    std::deque<error> troubles; // of the next looks; then none
    mutable int probes = 0;
    mutable std::vector<std::vector<std::string>> looks;
    mutable int under_way = 0;
    mutable int most_under_way = 0;

    std::string_view kind() const noexcept override { return "fake"; }
    std::optional<adapters::bug_ref> recognise(web_url const&) const override { return std::nullopt; }
    std::optional<std::string> normalise(std::string_view id) const override { return std::string{id}; }
    web_url bug_url(web_url const& base, std::string_view) const override { return base; }

    awaitable<result<capabilities>> probe(adapters::remote&) const override
    {
        ++probes;
        co_return probed;
    }

    awaitable<adapters::findings>
    look(adapters::remote&, capabilities const&, std::span<std::string const> ids) const override
    {
        looks.emplace_back(ids.begin(), ids.end());
        auto const number = looks.size() - 1;
        most_under_way = std::max(most_under_way, ++under_way);
        asio::steady_timer pause{co_await asio::this_coro::executor, 1ms}; // so that lanes overlap
        co_await pause.async_wait(use_awaitable);
        --under_way;

        adapters::findings out;
        if (number < troubles.size())
            out.trouble = troubles[number];
        else
            for (auto const& id : ids)
                out.found.push_back(
                    {.remote_id = id, .what = sighting{.words = {.status = "OPEN"}, .title = "t"}});
        co_return out;
    }

    verdict interpret(raw_words const&) const override
    {
        return {.state = status::new_, .weight = importance::medium};
    }
};

class no_client final : public net::client {
public:
    awaitable<result<net::response>> send(net::request, net::cookie_jar&) override
    {
        co_return error{.kind = error_kind::connect_failed};
    }
};

// A database with one tracker of `bugs` bugs, all due, and everything that a job needs.
struct fixture {
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    storage::tracker tracker;
    std::unique_ptr<storage::reader> reader;
    asio::io_context loop{1};
    std::unique_ptr<storage::writer> writer;
    no_client client;
    schedule_policy policy;
    utc_time now = utc_now();
    int stored_batches = 0;
    job_context shared;

    explicit fixture(int bugs, std::size_t lanes = 2)
        : writer{make_writer(bugs)},
          shared{
              .over = client,
              .into = *writer,
              .policy = policy,
              .capabilities_last = std::chrono::days{7},
              .lanes = lanes,
              .now = [this] { return now; },
              .on_batch = [this](tracker_tally const&) { ++stored_batches; }}
    {
        reader = storage::reader::open(path).value();
    }

    std::unique_ptr<storage::writer> make_writer(int bugs)
    {
        auto store = storage::store::open(path).value();
        tracker = store
                      ->add_tracker(
                          {.kind = "fake", .name = "t", .base_url = "https://t.example/", .created_at = now})
                      .value();
        store->in_transaction([&] {
            for (int i = 1; i <= bugs; ++i)
                store->add_bug(tracker.id, std::to_string(i), now);
        });
        return std::make_unique<storage::writer>(std::move(store));
    }

    result<tracker_tally> run(scripted_kind const& kind, std::optional<credential> login = {})
    {
        pass_request const all;
        auto plan = make_plan(*reader, all, now).value();
        if (plan.empty())
            return tracker_tally{};
        remote_binding to{.base = parse_url(tracker.base_url).value(), .login = std::move(login)};
        tracker_job job{shared, kind, std::move(plan.front()), std::move(to)};
        return test::run(loop, job.run());
    }

    std::map<std::string, int> outcomes() const
    {
        std::map<std::string, int> out;
        reader->each_bug({}, [&](storage::shown_bug const& b) {
            ++out[b.bug.last_outcome ? std::string{word(*b.bug.last_outcome)} : "unchecked"];
        });
        return out;
    }
};

using counts = std::map<std::string, int>;

} // namespace

TEST_CASE("a job asks for every bug once, in batches, and each is stored")
{
    fixture f{45};
    scripted_kind const kind;
    auto const tally = f.run(kind);
    REQUIRE(tally);
    CHECK(tally->seen() == 45);
    CHECK(tally->changes == 90);
    CHECK(f.outcomes() == counts{{"seen", 45}});
    CHECK(f.stored_batches == 5);

    std::set<std::string> asked;
    for (auto const& look : kind.looks) {
        CHECK(look.size() <= 10);
        for (auto const& id : look)
            CHECK(asked.insert(id).second);
    }
    CHECK(asked.size() == 45);
    CHECK(kind.most_under_way == 2);
}

TEST_CASE("nothing is asked twice while it is not due")
{
    fixture f{5};
    scripted_kind const kind;
    REQUIRE(f.run(kind));
    auto const again = f.run(kind);
    REQUIRE(again);
    CHECK(again->due == 0);
    CHECK(kind.looks.size() == 1);
}

TEST_CASE("what a probe found is kept until it expires or the credential comes or goes")
{
    fixture f{1};
    scripted_kind kind;
    auto const due_again = [&] { f.now += std::chrono::days{3}; };
    REQUIRE(f.run(kind));
    due_again();
    REQUIRE(f.run(kind));
    CHECK(kind.probes == 1);

    due_again();
    due_again();
    REQUIRE(f.run(kind));
    CHECK(kind.probes == 2); // more than 7 days later

    due_again();
    kind.probed->login = "query";
    credential const mine{.origin = "https://t.example", .value = secret{"k"}};
    REQUIRE(f.run(kind, mine));
    CHECK(kind.probes == 3);
    due_again();
    REQUIRE(f.run(kind, mine));
    CHECK(kind.probes == 3);
    due_again();
    REQUIRE(f.run(kind));
    CHECK(kind.probes == 4);
}

TEST_CASE("a tracker that cannot be probed costs one batch its check and leaves the others due")
{
    fixture f{25};
    scripted_kind kind;
    kind.probed = error{.kind = error_kind::connect_failed, .message = "connection refused"};
    auto const tally = f.run(kind);
    REQUIRE(tally);
    REQUIRE(tally->trouble);
    CHECK(tally->trouble->kind == error_kind::connect_failed);
    CHECK(kind.looks.empty());
    CHECK(f.outcomes() == counts{{"connect_failed", 1}, {"unchecked", 24}});
}

TEST_CASE("trouble ends the work on a tracker; what was not asked stays due")
{
    fixture f{100, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::timeout, .message = "no data"});
    auto const tally = f.run(kind);
    REQUIRE(tally);
    CHECK(kind.looks.size() == 1);
    CHECK(f.outcomes() == counts{{"timeout", 10}, {"unchecked", 90}});
    CHECK(tally->not_asked() == 90);
    CHECK(tally->has_failures());
}

TEST_CASE("what our own budget put off is neither checked nor failed")
{
    fixture f{10, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::deferred, .message = "the budget is used up"});
    auto const tally = f.run(kind);
    REQUIRE(tally);
    CHECK(f.outcomes() == counts{{"unchecked", 10}});
    CHECK(tally->not_asked() == 10);
    CHECK_FALSE(tally->has_failures());
    CHECK(f.reader->due(f.tracker.id, f.now).size() == 10);
}

TEST_CASE("an answer that no longer fits the probe makes the next pass probe again")
{
    fixture f{10, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::protocol_error, .message = "HTML instead of JSON"});
    REQUIRE(f.run(kind));
    CHECK(kind.probes == 1);
    f.now += std::chrono::days{1};
    REQUIRE(f.run(kind));
    CHECK(kind.probes == 2);
    CHECK(f.outcomes() == counts{{"seen", 10}});
}
