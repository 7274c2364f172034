#include "engine/check/comment_reader.hpp"
#include "engine/remote/bound_remote.hpp"
#include "storage/reader.hpp"
#include "tests/check/scripted_kind.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace checkwatches;
using namespace checkwatches::check;
using namespace std::chrono_literals;
using test::no_client;
using test::scripted_kind;

utc_time const start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20};

class fixed_clock final : public clock {
public:
    utc_time now() const override { return start + 1h; }
    duration up() const override { return {}; }
    awaitable<void> sleep(duration) const override { co_return; }
};

comment written(std::string id, std::chrono::seconds after, std::string text = "text")
{
    return {.remote_id = std::move(id), .author = "anna", .at = start + after, .text = std::move(text)};
}

using reads = std::vector<std::pair<std::string, std::optional<utc_time>>>;

// A database with some bugs of one tracker, each last changed at `start`.
struct fixture {
    fixed_clock time;
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    storage::tracker tracker;
    std::vector<storage::bug_id> ids;
    std::unique_ptr<storage::reader> reader;
    asio::io_context loop{1};
    std::unique_ptr<storage::writer> writer;
    std::unique_ptr<storage::background_reader> background;
    no_client client;
    storage::tracker_settings set{.comments = true};
    scripted_kind kind;
    capabilities can{.protocol = "fake", .comments = true};
    std::string product = "Core";
    utc_time modified = start;
    bool ours = false;
    std::size_t told = 0;
    std::function<bool()> go_on = [] { return true; };

    explicit fixture(int bugs)
    {
        auto store = storage::store::open(path).value();
        tracker =
            store
                ->add_tracker(
                    {.kind = "fake", .name = "t", .base_url = "https://t.example/", .created_at = start})
                .value();
        for (int i = 1; i <= bugs; ++i)
            ids.push_back(store->add_bug(tracker.id, std::to_string(i), start));
        writer = std::make_unique<storage::writer>(std::move(store));
        reader = storage::reader::open(path).value();
        background = std::make_unique<storage::background_reader>(storage::reader::open(path).value());
        kind.written = {written("1", 0s), written("2", 10s)};
    }

    std::vector<storage::settled_bug> settled(outcome how = outcome::seen) const
    {
        std::vector<storage::settled_bug> out;
        for (std::size_t i = 0; i != ids.size(); ++i) {
            storage::settled_bug one;
            one.after = {
                .id = ids[i],
                .remote_id = std::to_string(i + 1),
                .product = product,
                .modified_at = modified,
                .last_outcome = how};
            out.push_back(std::move(one));
        }
        return out;
    }

    // One run over all bugs.
    std::optional<error> run(std::size_t most = 100, outcome how = outcome::seen)
    {
        bound_remote at{client, {.base = parse_url(tracker.base_url).value()}};
        auto const whose = [this]() -> awaitable<bool> { co_return ours; };
        comment_reader comments{
            {.into = *writer,
             .from = *background,
             .time = time,
             .kind = kind,
             .at = at,
             .is_ours = whose,
             .on_read = [this] { ++told; }},
            set,
            most};
        comments.note(settled(how));
        return test::run(loop, comments.read(can, go_on));
    }

    std::size_t kept(std::size_t bug = 0) const { return reader->comments(ids[bug]).size(); }
    storage::comment_count count() const
    {
        auto const all = reader->comment_counts(tracker.id);
        return all.empty() ? storage::comment_count{} : all.front();
    }
};

} // namespace

TEST_CASE("comments: none is read where they are not wanted or the tracker tells none")
{
    fixture f{1};
    f.set.comments.reset();
    f.run();
    f.set.comments = false;
    f.run();
    f.set.comments = true;
    f.can.comments = false;
    f.run();
    CHECK(f.kind.comments_read.empty());
    CHECK(f.reader->comment_counts(f.tracker.id).empty());
}

TEST_CASE("comments: only of the products that are wanted")
{
    storage::tracker_settings const some{.comments = true, .comments_of = {"Core", "Tool Kit"}};
    CHECK(wants_comments(some, "core"));
    CHECK(wants_comments(some, "Tool Kit"));
    CHECK_FALSE(wants_comments(some, "Tool"));
    CHECK_FALSE(wants_comments(some, ""));
    CHECK_FALSE(wants_comments({.comments_of = {"Core"}}, "Core"));
    CHECK(wants_comments({.comments = true}, ""));

    fixture f{1};
    f.set.comments_of = {"Other"};
    f.run();
    CHECK(f.kind.comments_read.empty());
}

TEST_CASE("comments: a bug is read when it never was, was not read whole, or changed since")
{
    commented_bug const bug{.modified_at = start, .is_whole = true};
    CHECK(wants_reading(bug, std::nullopt));
    storage::comment_mark mark{.tried_at = start, .read_at = start, .modified_at = start};
    CHECK_FALSE(wants_reading(bug, mark));
    CHECK(wants_reading({.modified_at = start + 1s}, mark));
    CHECK(wants_reading({.is_whole = true}, mark));
    CHECK_FALSE(wants_reading({.is_whole = false}, mark));
    mark.failure = "HTTP 500";
    CHECK(wants_reading(bug, mark));
    mark.failure.clear();
    mark.read_at.reset();
    CHECK(wants_reading(bug, mark));
}

TEST_CASE("comments: each comes once, and what is new is asked for from the newest on")
{
    fixture f{2};
    REQUIRE_FALSE(f.run());
    CHECK(f.kind.comments_read == reads{{"1", std::nullopt}, {"2", std::nullopt}});
    CHECK(f.kept(0) == 2);
    CHECK(f.kept(1) == 2);
    CHECK(f.told == 2);

    REQUIRE_FALSE(f.run());
    CHECK(f.kind.comments_read.size() == 2); // nothing changed

    f.modified += 1min;
    f.kind.written.push_back(written("3", 60s, "neu ✓"));
    REQUIRE_FALSE(f.run(100, outcome::unmodified));
    CHECK(f.kind.comments_read.back() == std::pair{std::string{"2"}, std::optional{start + 10s}});
    CHECK(f.kept() == 3);
    CHECK(f.reader->comments(f.ids[0]).back().what == written("3", 60s, "neu ✓"));
    CHECK(f.count() == storage::comment_count{.month = "2026-11", .seen = 8, .imported = 6});
}

TEST_CASE("comments: a bug whose check failed is not asked about")
{
    fixture f{1};
    f.run(100, outcome::not_found);
    CHECK(f.kind.comments_read.empty());
}

TEST_CASE("comments: a failure is counted and tried again, and others go on")
{
    fixture f{2};
    f.kind.comments_end = {error{.kind = error_kind::protocol_error, .message = "HTTP 500"}};
    REQUIRE_FALSE(f.run());
    CHECK(f.kept(0) == 0);
    CHECK(f.kept(1) == 2);
    CHECK(f.count() == storage::comment_count{.month = "2026-11", .seen = 2, .imported = 2, .failed = 1});
    CHECK(f.reader->comment_marks({f.ids[0]}).at(0).failure == "protocol_error: HTTP 500");

    REQUIRE_FALSE(f.run());
    CHECK(f.kept(0) == 2);
    CHECK(f.kind.comments_read.size() == 3);
}

TEST_CASE("comments: the third failure in a row ends the reading, as does one of the whole tracker")
{
    fixture f{5};
    error const broken{.kind = error_kind::protocol_error, .message = "HTTP 500"};
    f.kind.comments_end = {broken, broken, broken};
    REQUIRE_FALSE(f.run());
    CHECK(f.kind.comments_read.size() == 3);
    CHECK(f.count().failed == 3);

    fixture g{5};
    g.kind.comments_end = {error{.kind = error_kind::timeout, .message = "slow"}};
    REQUIRE_FALSE(g.run());
    CHECK(g.kind.comments_read.size() == 1);
    CHECK(g.count().failed == 1);
}

TEST_CASE("comments: a tracker that wants to be left alone is")
{
    fixture f{5};
    f.kind.comments_end = {
        error{.kind = error_kind::rate_limited, .message = "slow down", .retry_after = 60s}};
    auto const wrong = f.run();
    REQUIRE(wrong);
    CHECK(wrong->kind == error_kind::rate_limited);
    CHECK(wrong->retry_after == 60s);
    CHECK(f.kind.comments_read.size() == 1);
}

TEST_CASE("comments: what is our own fault is not counted")
{
    fixture f{5};
    f.ours = true;
    f.kind.comments_end = {error{.kind = error_kind::connect_failed, .message = "no route"}};
    REQUIRE_FALSE(f.run());
    CHECK(f.kind.comments_read.size() == 1);
    CHECK(f.reader->comment_counts(f.tracker.id).empty());

    fixture g{5};
    g.kind.comments_end = {error{.kind = error_kind::deferred, .message = "the budget is used up"}};
    REQUIRE_FALSE(g.run());
    CHECK(g.kind.comments_read.size() == 1);
    CHECK(g.reader->comment_counts(g.tracker.id).empty());
}

TEST_CASE("comments: a run reads those of so many bugs, and the next goes on")
{
    fixture f{5};
    f.run(3);
    CHECK(f.kind.comments_read.size() == 3);
    f.run(3);
    CHECK(f.kind.comments_read.size() == 5);
    CHECK(f.kept(4) == 2);
}

TEST_CASE("comments: a stop ends the reading")
{
    fixture f{5};
    f.go_on = [&] { return f.told != 2; };
    f.run();
    CHECK(f.kind.comments_read.size() == 2);
}

TEST_CASE("comments: more than are taken at a time come with the next checks")
{
    fixture f{1};
    f.kind.written.clear();
    for (int i = 0; i != 1500; ++i)
        f.kind.written.push_back(written(std::to_string(i), std::chrono::seconds{i}));
    f.run();
    CHECK(f.kept() == 1000);
    CHECK_FALSE(f.reader->comment_marks(f.ids).at(0).read_at);
    f.run();
    CHECK(f.kept() == 1500);
    CHECK(f.reader->comment_marks(f.ids).at(0).read_at);
    f.run();
    CHECK(f.kind.comments_read.size() == 2);
}
