#include "storage/sqlite.hpp"
#include "storage/upkeep.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

std::string content_of(std::string const& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_to(std::string const& path, std::string const& content)
{
    std::ofstream{path, std::ios::binary} << content;
}

// All files of a folder, by name.
std::vector<std::string> files_in(std::string const& folder)
{
    std::vector<std::string> out;
    for (auto const& each : fs::directory_iterator{folder})
        out.push_back(each.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

// A database with one bug that was seen, and one that fails.
std::vector<bug_id> fill(std::string const& path)
{
    auto const s = open_store(path);
    auto ids = add_bugs(*s, "bugs.example.org", 2);
    auto one = seen(ids[0], at(1));
    one.changes.push_back(status_change(at(1), "New", "Confirmed"));
    one.changes.push_back({.at = at(1), .field = "importance", .after = "Medium"});
    auto const two = next_check({.id = ids[1]}, outcome::timeout, "slow", at(1));
    apply(*s, report_of({one, two}, at(1)));
    apply(*s, report_with_change(ids[0], "title", at(2)));
    s->add_watch(ids[0], {.label = "gedit", .source = "typed"}, at(0));
    return ids;
}

// Writes to a database, as fast as it goes, until it is told to stop. Where the database is locked for too
// long it tries again.
class busy_writer {
public:
    busy_writer(std::string const& path, bug_id bug)
        : thread_{[this, path, bug] {
              auto const s = *store::open(path);
              while (!stop_) {
                  try {
                      apply(*s, report_with_change(bug, fmt::format("{}", written_ + 1)));
                      ++written_;
                  }
                  catch (database_error const& failed) {
                      wrong_ += failed.kind() != database_error::trouble::lock_held;
                  }
              }
          }}
    {}
    busy_writer(busy_writer const&) = delete;
    ~busy_writer() { stop(); }

    void wait_for(std::int64_t more) const
    {
        auto const enough = written_ + more;
        while (written_ < enough && wrong_ == 0)
            std::this_thread::yield();
    }
    // How many changes it has written; -1 where anything went wrong.
    std::int64_t stop()
    {
        stop_ = true;
        if (thread_.joinable())
            thread_.join();
        return wrong_ == 0 ? written_.load() : -1;
    }

private:
    std::atomic<bool> stop_ = false;
    std::atomic<std::int64_t> written_ = 0;
    std::atomic<int> wrong_ = 0;
    std::thread thread_;
};

} // namespace

TEST_CASE("upkeep: a good database has no findings")
{
    scratch here;
    fill(here.path());
    auto const found = check_database(here.path());
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{});
}

TEST_CASE("upkeep: whatever breaks a law is found")
{
    struct damage {
        char const* sql;
        char const* finding;
    };
    auto const d = GENERATE(
        damage{
            "DROP TRIGGER changes_are_not_removed; DELETE FROM changes WHERE id = 2",
            "change 2 is not there"},
        damage{"DROP TRIGGER changes_are_not_removed; DELETE FROM changes WHERE id = 1", "has the id 2"},
        damage{"UPDATE bugs SET status = 'Invalid' WHERE remote_id = '1'", "\"Invalid\""},
        damage{"UPDATE bugs SET importance = NULL WHERE remote_id = '1'", "its last change says \"Medium\""},
        damage{
            "INSERT INTO watches (bug_id, label, source, owner, created_at) VALUES (99, 'x', 'typed', '', 0)",
            "1 rows of watches refer to bugs"},
        damage{
            "INSERT INTO check_runs VALUES (99, 0, 1, 0, 0, 'seen', '', 1)",
            "1 rows of check_runs refer to bugs"},
        damage{"DELETE FROM bug_checks WHERE bug_id = 4294967298", "bug 4294967298 has no row of its checks"},
        damage{
            "UPDATE bug_checks SET retired = 1 WHERE bug_id = 4294967298",
            "bug 4294967298 is retired, and has a next check"},
        damage{
            "UPDATE bug_checks SET next_check = 253402214400000 WHERE bug_id = 4294967298",
            "bug 4294967298 is never to be asked about, and is not retired"},
        damage{
            "INSERT INTO bug_checks (bug_id, next_check) VALUES (99, 0)",
            "1 rows of bug_checks refer to bugs"},
        damage{"UPDATE signatures SET bugs = 3", "signature 1 counts 3 bugs, and 1 have it"},
        damage{"UPDATE bugs SET signature_id = 9 WHERE remote_id = '2'", "has the signature 9"},
        damage{"PRAGMA ignore_check_constraints = ON; UPDATE signatures SET bugs = -1", "counts -1 bugs"});
    scratch here;
    fill(here.path());
    execute(here.path(), d.sql);
    auto const found = check_database(here.path());
    REQUIRE(found);
    INFO(d.sql);
    CHECK_THAT(fmt::format("{}", fmt::join(*found, "\n")), Contains(d.finding));
}

TEST_CASE("upkeep: a damaged file is a finding, what is no database an error")
{
    scratch here;
    fill(here.path());
    auto content = content_of(here.path());
    REQUIRE(content.size() > 20'000);
    std::fill(content.begin() + 5'000, content.end() - 5'000, '\xff');
    write_to(here.path(), content);
    auto const found = check_database(here.path());
    REQUIRE(found);
    CHECK_FALSE(found->empty());

    write_to(
        here.path("other"),
        "not a database, though it is long enough to look like one of some kind or other");
    CHECK(check_database(here.path("other")).has_error());
    CHECK(check_database(here.path("missing")).has_error());
    CHECK(compact(here.path("other")).has_error());
    CHECK(compact(here.path("missing")).has_error());
    CHECK_FALSE(fs::exists(here.path("missing")));
}

TEST_CASE("upkeep: a copy is the whole database in one file")
{
    scratch here;
    auto const ids = fill(here.path());
    fs::permissions(here.path(), fs::perms::owner_read | fs::perms::owner_write);
    auto const s = open_store(here.path()); // with its log beside it
    apply(*s, report_with_change(ids[1], "in the log only"));
    scratch there;
    auto const to = there.path("copy.db");
    REQUIRE(back_up(here.path(), to));
    CHECK(files_in(there.folder()) == std::vector<std::string>{"copy.db"});
    CHECK(
        (fs::status(to).permissions() & fs::perms::all) == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(open_reader(to)->changes(0, 99).back().what.after == "in the log only");
    CHECK(check_database(to).value().empty());

    SECTION("which replaces the one before")
    {
        apply(*s, report_with_change(ids[1], "later"));
        REQUIRE(back_up(here.path(), to));
        CHECK(open_reader(to)->changes(0, 99).back().what.after == "later");
    }
    SECTION("and can be worked with")
    {
        auto const copy = open_store(to);
        CHECK(apply(*copy, report_with_change(ids[1], "there")).front().id == 5);
        CHECK(open_reader(here.path())->last_change() == 4);
    }
}

TEST_CASE("upkeep: a copy replaces nothing but a copy, and a failure leaves the one before")
{
    scratch here;
    fill(here.path());
    auto const refused = [&](std::string const& to, char const* why) {
        auto const got = back_up(here.path(), to);
        REQUIRE(got.has_error());
        CHECK(got.error().kind == error_kind::storage);
        CHECK_THAT(got.error().message, Contains(why));
    };
    refused(here.path(), "is the database itself");
    write_to(here.path("notes.txt"), "notes");
    refused(here.path("notes.txt"), "not a SQLite database");
    CHECK(content_of(here.path("notes.txt")) == "notes");
    sqlite::database{here.path("theirs.db"), sqlite::access::write}.execute("CREATE TABLE a (x)");
    refused(here.path("theirs.db"), "another program");
    refused(here.folder(), "is a folder");
    refused(here.path("missing/copy.db"), "cannot be opened");
    CHECK(back_up(here.path("missing.db"), here.path("copy.db")).has_error());
    CHECK_FALSE(fs::exists(here.path("copy.db")));

    REQUIRE(back_up(here.path(), here.path("copy.db")));
    {
        auto const in_use = open_store(here.path("copy.db"));
        add_tracker(*in_use, "other.example.org");
        refused(here.path("copy.db"), "in use");
    }
    CHECK(open_reader(here.path("copy.db"))->tracker_by_name("other.example.org"));
    // Where the copy has no room beside the old one that stays.
    auto const before = content_of(here.path("copy.db"));
    execute(here.path(), "DROP TABLE engine"); // the copy will not pass for a good one
    execute(
        here.path(),
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'bugs'");
    CHECK(back_up(here.path(), here.path("copy.db")).has_error());
    CHECK(content_of(here.path("copy.db")) == before);
    for (auto const& name : files_in(here.folder()))
        CHECK_THAT(name, !Contains(".part"));
}

TEST_CASE("upkeep: a copy made beside a writer is one moment of it")
{
    scratch here;
    auto const ids = fill(here.path());
    {
        auto const s = open_store(here.path());
        apply(*s, report_with_change(ids[1], std::string(5'000'000, 'x'))); // many steps
    }
    busy_writer other{here.path(), ids[0]};
    for (int i = 0; i != 5; ++i) {
        other.wait_for(10);
        REQUIRE(back_up(here.path(), here.path("copy.db")));
        CHECK(check_database(here.path("copy.db")).value().empty());
        auto const log = open_reader(here.path("copy.db"))->changes(4, 1'000'000);
        std::int64_t wrong = log.empty();
        for (std::size_t n = 0; n != log.size(); ++n)
            wrong += log[n].what.after != fmt::format("{}", n + 1);
        CHECK(wrong == 0);
        CHECK(check_database(here.path()).value().empty());
    }
    CHECK(other.stop() > 0);
}

TEST_CASE("upkeep: a compacted database gives room back and keeps everything")
{
    scratch here;
    auto const ids = fill(here.path());
    {
        auto const s = open_store(here.path());
        auto r = report_of({seen(ids[0], at(1))}, at(1));
        for (int i = 0; i != 20'000; ++i)
            r.validators.push_back({fmt::format("https://a/{}", i), std::string(100, 'x'), "", at(1)});
        apply(*s, r);
        CHECK(s->prune({}, at(1) + std::chrono::days{91}, 100'000) == 20'000);
    }
    SECTION("alone")
    {
        auto const done = compact(here.path());
        REQUIRE(done);
        CHECK(done->before > 2'000'000);
        CHECK(done->after < 400'000);
        CHECK(fs::file_size(here.path()) <= done->after);
        CHECK(open_reader(here.path())->last_change() == 3);
    }
    SECTION("beside a writer and an open reader")
    {
        auto const r = open_reader(here.path());
        busy_writer other{here.path(), ids[0]};
        other.wait_for(10);
        auto const done = compact(here.path());
        REQUIRE(done);
        other.wait_for(10);
        auto const written = other.stop();
        CHECK(written > 0);
        CHECK(r->last_change() == 3 + written);
        auto const log = r->changes(3, 1'000'000);
        std::int64_t wrong = 0;
        for (std::size_t n = 0; n != log.size(); ++n)
            wrong += log[n].what.after != fmt::format("{}", n + 1);
        CHECK(wrong == 0);
        REQUIRE(compact(here.path()));
        // A change takes some 160 bytes, and nobody knows how many were made.
        CHECK(fs::file_size(here.path()) < 400'000 + 200 * static_cast<std::uintmax_t>(written));
    }
    CHECK(check_database(here.path()).value().empty());
}
