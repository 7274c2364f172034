#include "engine/check/tracker_job.hpp"
#include "storage/reader.hpp"
#include "tests/check/scripted_kind.hpp"
#include "tests/check/to_settle.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;
using test::no_client;
using test::scripted_kind;

// Stands where the test puts it.
class set_clock final : public clock {
public:
    utc_time utc = utc_now();

    utc_time now() const override { return utc; }
    duration up() const override { return utc.time_since_epoch(); }
    awaitable<void> sleep(duration) const override { co_return; }
};

// What a job came to.
struct job_result {
    tracker_tally tally{};
    std::optional<error> trouble{};
};

// A database with one tracker of `bugs` bugs, all due, and everything that a job needs.
struct fixture {
    set_clock time;
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    storage::tracker tracker;
    std::unique_ptr<storage::reader> reader;
    asio::io_context loop{1};
    std::unique_ptr<storage::writer> writer;
    no_client client;
    pass_settings how;
    silent_logger log;
    ramp pace;
    network_watch network{loop.get_executor(), time, pace, {}, {}};
    std::unique_ptr<storage::background_reader> background;
    int stored_batches = 0;

    explicit fixture(int bugs, std::size_t lanes = 2) : writer{make_writer(bugs)}
    {
        how.lanes = lanes;
        reader = storage::reader::open(path).value();
        background = std::make_unique<storage::background_reader>(storage::reader::open(path).value());
    }

    std::unique_ptr<storage::writer> make_writer(int bugs)
    {
        auto store = storage::store::open(path).value();
        tracker =
            store
                ->add_tracker(
                    {.kind = "fake", .name = "t", .base_url = "https://t.example/", .created_at = time.now()})
                .value();
        store->in_transaction([&] {
            for (int i = 1; i <= bugs; ++i)
                store->add_bug(tracker.id, std::to_string(i), time.now());
        });
        return std::make_unique<storage::writer>(std::move(store));
    }

    std::vector<storage::bug_state> due() const { return reader->due(tracker.id, time.now()); }

    // Checks all that is due.
    job_result run(scripted_kind const& kind, std::optional<credential> login = {})
    {
        job_result out{.tally = {.due = due().size()}};
        job_context const shared{
            .over = client,
            .into = *writer,
            .from = *background,
            .time = time,
            .log = log,
            .network = network,
            .how = how,
            .meanings = how.meanings,
            .random01 = [] { return 0.5; },
            .on_look = [] {},
            .on_settled =
                [&](std::vector<storage::settled_bug> const& bugs) {
                    ++stored_batches;
                    for (auto const& bug : bugs)
                        out.tally.count(bug);
                }};
        remote_binding to{.base = parse_url(tracker.base_url).value(), .login = std::move(login)};
        tracker_job job{
            shared, kind, {.tracker = tracker, .can = reader->capabilities_of(tracker.id)}, std::move(to)};
        test::run(loop, whole(job, test::to_settle(due())));
        REQUIRE_FALSE(job.broken_store());
        out.trouble = job.trouble();
        return out;
    }

    static awaitable<int> whole(tracker_job& job, std::vector<storage::settled_bug> bugs)
    {
        co_await job.check(std::move(bugs));
        co_await job.finish();
        co_return 0;
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
    auto const done = f.run(kind);
    CHECK(done.tally.seen() == 45);
    CHECK(done.tally.changes == 90);
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
    f.run(kind);
    auto const again = f.run(kind);
    CHECK(again.tally.due == 0);
    CHECK(kind.looks.size() == 1);
}

TEST_CASE("what a probe found is kept until it expires or the credential comes or goes")
{
    fixture f{1};
    scripted_kind kind;
    auto const due_again = [&] { f.time.utc += std::chrono::days{3}; };
    f.run(kind);
    due_again();
    f.run(kind);
    CHECK(kind.probes == 1);

    due_again();
    due_again();
    f.run(kind);
    CHECK(kind.probes == 2); // more than 7 days later

    due_again();
    kind.probed->login = "query";
    credential const mine{.origin = "https://t.example", .value = secret{"k"}};
    f.run(kind, mine);
    CHECK(kind.probes == 3);
    due_again();
    f.run(kind, mine);
    CHECK(kind.probes == 3);
    due_again();
    f.run(kind);
    CHECK(kind.probes == 4);
}

TEST_CASE("a tracker that cannot be probed costs one batch its check and leaves the others due")
{
    fixture f{25};
    scripted_kind kind;
    kind.probed = error{.kind = error_kind::connect_failed, .message = "connection refused"};
    auto const done = f.run(kind);
    REQUIRE(done.trouble);
    CHECK(done.trouble->kind == error_kind::connect_failed);
    CHECK(kind.looks.empty());
    CHECK(f.outcomes() == counts{{"connect_failed", 1}, {"unchecked", 24}});
}

TEST_CASE("trouble ends the work on a tracker; what was not asked stays due")
{
    fixture f{100, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::auth_failed, .message = "who are you?"});
    auto const done = f.run(kind);
    CHECK(kind.looks.size() == 1);
    CHECK(f.outcomes() == counts{{"auth_failed", 10}, {"unchecked", 90}});
    CHECK(done.tally.not_asked() == 90);
    CHECK(done.tally.has_failures());
}

TEST_CASE("what our own budget put off is neither checked nor failed")
{
    fixture f{10, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::deferred, .message = "the budget is used up"});
    auto const done = f.run(kind);
    CHECK(f.outcomes() == counts{{"unchecked", 10}});
    CHECK(done.tally.not_asked() == 10);
    CHECK_FALSE(done.tally.has_failures());
    CHECK(f.due().size() == 10);
}

TEST_CASE("an answer that no longer fits the probe makes the next pass probe again")
{
    fixture f{10, 1};
    scripted_kind kind;
    kind.troubles.push_back(error{.kind = error_kind::unsupported, .message = "HTML instead of JSON"});
    f.run(kind);
    CHECK(kind.probes == 1);
    f.time.utc += std::chrono::days{1};
    f.run(kind);
    CHECK(kind.probes == 2);
    CHECK(f.outcomes() == counts{{"seen", 10}});
}
