#include "engine/check/settle.hpp"
#include "engine/intake/lists/list_keeper.hpp"
#include "tests/intake/forge_kind.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/print.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using storage::entry_state;
using storage::list_state;

struct fixture {
    test::temporary_folder folder;
    std::string path = folder.file("w.db");
    std::string lists = folder.file("watchlists");
    asio::io_context loop{1};
    test::forge_kind const* forge = nullptr; // the registry's
    adapters::registry kinds = test::forge_alone(forge);
    test::no_client client;
    test::manual_clock time{utc_now()};
    std::unique_ptr<storage::store> store = storage::store::open(path).value();
    std::unique_ptr<storage::reader> read = storage::reader::open(path).value();
    intake::list_settings settings{};
    intake::list_keeper keeper{
        {.database = path, .executor = loop.get_executor(), .over = client, .kinds = kinds, .time = time},
        storage::reader::open(path).value()};

    fixture()
    {
        std::filesystem::create_directory(lists);
        store
            ->add_tracker(
                {.kind = "forge",
                 .name = "forge",
                 .base_url = "https://forge.example.org/a",
                 .created_at = time.now()})
            .value();
    }

    void write(std::string const& name, std::string const& text) const
    {
        std::ofstream{lists + "/" + name, std::ios::binary} << text;
    }
    // Lines for the bugs from one number to another.
    static std::string bugs(int first, int last, std::string const& project = "a")
    {
        std::string out;
        for (int i = first; i <= last; ++i)
            out += fmt::format("https://forge.example.org/{}/{} curl\n", project, i);
        return out;
    }
    void remove(std::string const& name) const { std::filesystem::remove(lists + "/" + name); }
    intake::look_report look(std::string force = {})
    {
        return test::run(loop, keeper.look(false, std::move(force))).value();
    }
    bool meet() { return test::run(loop, keeper.meet_waiting({}, 1h)).value().news.added; }
    storage::watch_list_record list(std::string const& name) const
    {
        return read->watch_list_by_name(name).value();
    }
    // The ids of the bugs that a list watches.
    std::string watched(std::string const& name) const
    {
        std::string out;
        for (auto const& w : read->watches_by("list:" + name))
            out += (out.empty() ? "" : " ") + read->bugs({w.bug}).at(0).remote_id;
        return out;
    }
    storage::bug_state row(storage::bug_id bug) const { return read->bugs({bug}).at(0); }
    void settle(storage::settled_bug settled)
    {
        store->in_transaction([&] {
            store->apply(
                {.from = storage::tracker_of(settled.after.id),
                 .at = time.now(),
                 .bugs = {std::move(settled)}});
        });
    }
};

} // namespace

TEST_CASE("lists: what a list says is watched, and changes with it")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 3));
    auto const first = f.look();
    CHECK(first.news.added);
    CHECK(f.watched("a") == "1 2 3");
    CHECK(f.list("a").watched == 3);
    CHECK(f.look().changed == 0);

    f.write(
        "a.txt",
        "[{\"url\": \"https://forge.example.org/a/2\", \"label\": \"curl\", \"owner\": \"anna\", "
        "\"relation\": "
        "\"related\", \"note\": \"n\"}, {\"url\": \"https://forge.example.org/a/4\"}]");
    auto const second = f.look();
    CHECK(second.news.moved.size() == 2); // 1 and 3 are not to be asked about any more
    CHECK(f.watched("a") == "2 4");
    auto const watch = f.read->watches_by("list:a").front().what;
    CHECK(watch.owner == "anna");
    CHECK(watch.is == storage::relation::related);
    CHECK(watch.note == "n");
    CHECK(f.row(f.read->watches_by("list:a").front().bug).next_check != storage::never);

    f.remove("a.txt");
    f.look();
    CHECK(f.watched("a").empty());
    CHECK(f.read->watch_lists().empty());
}

TEST_CASE("lists: a watch lives while any list names it")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 2));
    f.write("b.txt", f.bugs(2, 3));
    f.look();
    auto const shared = f.read->watches_by("list:b").front().bug;
    CHECK(f.read->watches(shared).size() == 2);
    f.remove("a.txt");
    f.look();
    CHECK(f.row(shared).next_check != storage::never);
    f.remove("b.txt");
    f.look();
    CHECK(f.row(shared).next_check == storage::never);
}

TEST_CASE("lists: a bad version leaves the last good one as it is, and stops no other list")
{
    fixture f;
    f.write("a.json", "[{\"url\": \"https://forge.example.org/a/1\"}]");
    f.look();
    f.write("a.json", "[\n {\"url\": }]");
    f.write("b.txt", f.bugs(5, 5) + "nonsense\n");
    f.look();
    CHECK(f.watched("a") == "1");
    auto const bad = f.list("a");
    CHECK(bad.state == list_state::bad);
    CHECK(bad.line == 2);
    CHECK_THAT(bad.trouble, Contains("no JSON"));
    CHECK(bad.watched == 1);
    CHECK(f.watched("b") == "5");
    auto const entries = f.read->list_entries("b", true, 0, 10);
    REQUIRE(entries.size() == 1);
    CHECK(entries.front().line == 2);
    CHECK(entries.front().state == entry_state::bad);
    CHECK(f.look().changed == 0);

    f.write("a.json", "[{\"url\": \"https://forge.example.org/a/1\"}]");
    f.look();
    CHECK(f.list("a").state == list_state::good);
    CHECK(f.list("a").trouble.empty());
}

TEST_CASE("lists: an entry whose watch followed its bug takes the watch away there")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 2));
    f.look();
    auto const old = f.read->watches_by("list:a").front().bug;
    auto const there = f.store->add_bug(storage::tracker_of(old), "77", f.time.now());
    f.settle(check::settle_failed(
        f.row(old), outcome::moved, "https://forge.example.org/a/77", {}, {}, f.time.now()));
    f.store->follow_move(old, there, "https://forge.example.org/a/77", f.time.now());
    CHECK(f.watched("a") == "2 77");

    f.write("a.txt", f.bugs(1, 3)); // the old address still means it
    f.look();
    CHECK(f.watched("a") == "2 77 3");
    f.write("a.txt", f.bugs(2, 3));
    f.look();
    CHECK(f.watched("a") == "2 3");
    CHECK(f.row(there).next_check == storage::never);
}

TEST_CASE("lists: what takes many watches away is held, and done when it stays so")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 30));
    f.look();
    f.write("a.txt", f.bugs(30, 31));
    CHECK(f.look().news.held_until == f.time.now() + 60s);
    CHECK(f.read->watches_by("list:a").size() == 31); // what it adds is watched
    CHECK_THAT(f.list("a").trouble, Contains("29 of its 30"));

    SECTION("for a minute")
    {
        f.time.advance(59s);
        f.look();
        CHECK(f.read->watches_by("list:a").size() == 31);
        f.time.advance(1s);
        f.look();
        CHECK(f.watched("a") == "30 31");
        CHECK(f.list("a").trouble.empty());
        CHECK(f.list("a").applied_at == f.time.now());
    }
    SECTION("or at once where that is wanted")
    {
        f.look("a");
        CHECK(f.watched("a") == "30 31");
    }
    SECTION("not where the file is as it was")
    {
        f.write("a.txt", f.bugs(1, 30));
        f.time.advance(2min);
        f.look();
        CHECK(f.list("a").trouble.empty());
        CHECK(f.read->watches_by("list:a").size() == 30);
    }
    SECTION("nor by a program that begins anew")
    {
        intake::list_keeper other{
            {.database = f.path,
             .executor = f.loop.get_executor(),
             .over = f.client,
             .kinds = f.kinds,
             .time = f.time},
            storage::reader::open(f.path).value()};
        auto const again = test::run(f.loop, other.look(false, {})).value();
        CHECK(again.news.held_until);
        CHECK(f.read->watches_by("list:a").size() == 31);
        f.time.advance(1min);
        test::run(f.loop, other.look(false, {})).value();
        CHECK(f.watched("a") == "30 31");
    }
}

TEST_CASE("lists: many files that go at once are held; a folder that is gone takes nothing away")
{
    fixture f;
    for (int i = 0; i != 20; ++i)
        f.write(fmt::format("l{}.txt", i), f.bugs(i, i));
    f.look();
    REQUIRE(f.read->watch_lists().size() == 20);

    std::filesystem::rename(f.lists, f.lists + ".away");
    auto const missing = test::run(f.loop, f.keeper.look(false, {}));
    REQUIRE(missing.has_error());
    CHECK(missing.error().kind == error_kind::not_found);
    CHECK_THAT(f.list("%").trouble, Contains("is not there"));
    CHECK(f.watched("l7") == "7");
    std::filesystem::create_directory(f.lists); // as where a disk is not mounted
    CHECK(f.look().news.held_until);
    CHECK(f.watched("l7") == "7");
    CHECK_THAT(f.list("l7").trouble, Contains("file is gone"));
    CHECK_FALSE(f.read->watch_list_by_name("%"));

    SECTION("and come back")
    {
        std::filesystem::remove(f.lists);
        std::filesystem::rename(f.lists + ".away", f.lists);
        f.time.advance(2min);
        f.look();
        CHECK(f.list("l7").trouble.empty());
        CHECK(f.read->watch_lists().size() == 20);
    }
    SECTION("or do not")
    {
        f.time.advance(1min);
        f.look();
        CHECK(f.read->watch_lists().empty());
        CHECK(f.watched("l7").empty());
    }
}

TEST_CASE("lists: frozen, off, and off by the configuration")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 1));
    f.write("b.json", "{\"frozen\": true, \"watches\": [{\"url\": \"https://forge.example.org/a/2\"}]}");
    f.look();
    CHECK(f.list("b").state == list_state::frozen);
    CHECK(f.list("b").waiting == 1);
    CHECK_FALSE(f.meet()); // it waits for no tracker
    CHECK(f.watched("b").empty());

    f.settings.off = {"a"};
    f.keeper.configure(f.settings);
    f.look();
    CHECK(f.list("a").state == list_state::off);
    CHECK(f.watched("a").empty());
    f.write("a.txt", "\xFF"); // nobody reads it
    f.look();
    CHECK(f.list("a").state == list_state::off);
    f.write("a.txt", f.bugs(1, 1));
    f.settings.off.clear();
    f.keeper.configure(f.settings);
    f.look();
    CHECK(f.watched("a") == "1");

    f.settings.enabled = false;
    f.keeper.configure(f.settings);
    f.remove("a.txt");
    f.look();
    CHECK(f.watched("a") == "1");
}

TEST_CASE("lists: entries of trackers that are not known wait until these tell what they are")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 2, "b") + f.bugs(3, 3, "slow") + f.bugs(4, 4, "closed"));
    CHECK(f.look().waits);
    CHECK(f.list("a").waiting == 4);
    CHECK(f.meet());
    CHECK(f.forge->probes == 3); // one for each tracker
    CHECK(f.watched("a") == "1 2");
    CHECK(f.list("a").waiting == 2);
    auto const waiting = f.read->list_entries("a", true, 0, 10);
    CHECK_THAT(waiting.front().reason, Contains("timeout"));
    CHECK_THAT(waiting.back().reason, Contains("not a forge"));

    f.meet(); // not before a while
    CHECK(f.forge->probes == 3);
    f.time.advance(61s);
    f.meet();
    CHECK(f.forge->probes == 5);
    f.time.advance(61s); // the next time takes twice as long
    f.meet();
    CHECK(f.forge->probes == 5);
    f.time.advance(60s);
    f.meet();
    CHECK(f.forge->probes == 7);

    // Registered by somebody else in the meantime.
    f.store
        ->add_tracker(
            {.kind = "forge",
             .name = "slow",
             .base_url = "https://forge.example.org/slow",
             .created_at = f.time.now()})
        .value();
    CHECK(f.meet());
    CHECK(f.forge->probes == 7);
    CHECK(f.list("a").waiting == 1);
}

TEST_CASE("lists: what was asked for a list that is another by now is not applied")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 1, "b"));
    f.look();
    auto waiting = intake::find_waiting(*f.read, f.kinds, {});
    REQUIRE(waiting.entries.size() == 1);
    f.write("a.txt", f.bugs(2, 2));
    f.look();
    intake::assume_all(waiting.fresh);
    intake::settle_waiting(
        {.read = *f.read, .write = *f.store, .kinds = f.kinds, .now = f.time.now()}, 1h, std::move(waiting));
    CHECK(f.watched("a") == "2");
}

TEST_CASE("lists: one that is put is there at once, and one that is none leaves what was there")
{
    fixture f;
    auto const put = [&](std::string const& name, std::string text) {
        return test::run(f.loop, f.keeper.put(name, intake::list_format::json, std::move(text), false));
    };
    auto const done = put("a", "[{\"url\": \"https://forge.example.org/a/1\", \"vcs\": \"git\"}]").value();
    CHECK_FALSE(done.broken);
    CHECK(done.ignored == 1);
    CHECK(f.watched("a") == "1");
    CHECK(f.look().changed == 0);
    auto const broken = put("a", "[1").value();
    REQUIRE(broken.broken);
    CHECK(broken.broken->line == 1);
    f.look();
    CHECK(f.watched("a") == "1");
    CHECK(put("../a", "[]").has_error());
    CHECK(test::run(f.loop, f.keeper.drop("b")).error().kind == error_kind::not_found);
    CHECK(test::run(f.loop, f.keeper.drop("a")).has_value());
    CHECK(f.watched("a").empty());
    CHECK_FALSE(std::filesystem::exists(f.lists + "/a.json"));
}
