#include "tests/intake/list_fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <set>

namespace {

using namespace checkwatches;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using fixture = test::list_fixture;

} // namespace

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

TEST_CASE("lists: while many trackers do not tell what they are, no others are asked")
{
    fixture f;
    f.write("a.txt", f.bugs(1, 2, "b") + f.bugs(3, 3));
    f.look();
    std::set<std::string> put_off;
    for (std::size_t i = 1; i != intake::most_put_off; ++i)
        put_off.insert(std::to_string(i));
    CHECK(intake::find_waiting(*f.read, f.kinds, put_off).fresh.size() == 1);
    put_off.insert("0");
    auto const none = intake::find_waiting(*f.read, f.kinds, put_off);
    CHECK(none.fresh.empty());
    CHECK_FALSE(none.more);
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

TEST_CASE("lists: a folder where other files are, too, loses none of them")
{
    fixture f;
    auto const conf = f.folder.file("config.toml");
    std::ofstream{conf} << "[network]\n";
    f.settings.folder = f.folder.path();
    f.keeper.configure(f.settings);
    f.look();
    CHECK_THAT(f.list("w.db").trouble, Contains("database"));
    for (auto const* const name : {"w.db", "config"}) {
        auto const put = test::run(f.loop, f.keeper.put(name, intake::list_format::toml, "", false));
        CHECK(put.error().kind == error_kind::usage);
        CHECK(test::run(f.loop, f.keeper.drop(name)).error().kind == error_kind::usage);
    }
    CHECK(std::filesystem::exists(f.path));
    CHECK(std::filesystem::file_size(conf) == 10);
    CHECK(test::run(f.loop, f.keeper.put("a", intake::list_format::toml, "", false)).has_value());
    CHECK(test::run(f.loop, f.keeper.put("a", intake::list_format::json, "[]", false)).has_value());
    CHECK_FALSE(std::filesystem::exists(f.folder.file("a.toml")));
    CHECK(test::run(f.loop, f.keeper.drop("a")).has_value());
    CHECK_FALSE(std::filesystem::exists(f.folder.file("a.json")));
}
