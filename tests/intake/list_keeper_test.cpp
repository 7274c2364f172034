#include "engine/check/settle.hpp"
#include "tests/intake/list_fixture.hpp"

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

using fixture = test::list_fixture;

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

    // A frozen version takes nothing away from the one that was applied, and a later one goes on from there.
    f.write("c.txt", f.bugs(3, 4));
    f.look();
    REQUIRE(f.watched("c") == "3 4");
    f.remove("c.txt");
    f.write("c.json", "{\"frozen\": true, \"watches\": []}");
    f.look();
    CHECK(f.list("c").state == list_state::frozen);
    CHECK(f.watched("c") == "3 4");
    f.remove("c.json");
    f.write("c.txt", f.bugs(4, 5));
    f.look();
    CHECK(f.watched("c") == "4 5");
    f.remove("c.txt");
    f.look();
    CHECK(f.watched("c").empty());

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
