#include "engine/intake/lists/list_folder.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace checkwatches::intake {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

void write(std::string const& path, std::string const& text)
{
    std::ofstream{path, std::ios::binary} << text;
}

// The names that were found, those with trouble marked.
std::string names_in(std::string const& folder, std::vector<std::string> const& closed = {})
{
    std::string out;
    for (auto const& one : look_into(folder, closed).value())
        out += (out.empty() ? "" : " ") + one.name + (one.trouble.empty() ? "" : "!");
    return out;
}

} // namespace

TEST_CASE("A list's name is a plain word", "[lists]")
{
    for (auto const* const name : {"a", "curl", "lib-x.y_z+1", "7zip", "debian-12.5"})
        CHECK(is_list_name(name));
    for (auto const* const name :
         {"",
          ".",
          "..",
          ".a",
          "-a",
          "a/b",
          "a b",
          "\xC3\xA4",
          "a.json",
          "a.toml",
          "a.txt",
          "a.list",
          "a.bak",
          "a~"})
        CHECK_FALSE(is_list_name(name));
    CHECK(is_list_name(std::string(100, 'a')));
    CHECK_FALSE(is_list_name(std::string(101, 'a')));
}

TEST_CASE("What editors and others leave in a folder is no list", "[lists]")
{
    test::temporary_folder const folder;
    for (auto const* const name :
         {"b.json",
          "a.toml",
          "c",
          "d.txt",
          ".a.json",
          ".a.json.swp",
          "a.toml~",
          "#a.toml#",
          "a.toml.bak",
          "a.toml.dpkg-old",
          "a.tmp"})
        write(folder.file(name), "");
    fs::create_directory(folder.file("more"));
    CHECK(names_in(folder.path()) == "a b c d");
}

TEST_CASE("What can be no list is named", "[lists]")
{
    test::temporary_folder const folder;
    write(folder.file("a.json"), "");
    write(folder.file("a.toml"), "");
    write(folder.file("two words.json"), "");
    write(folder.file("secret.db"), "");
    fs::create_symlink("secret.db", folder.file("link.txt"));
    fs::create_symlink("circle.txt", folder.file("circle.txt"));
    fs::create_symlink("nothing", folder.file("nowhere.txt"));
    REQUIRE(::mkfifo(folder.file("pipe.json").c_str(), 0600) == 0);
    write(folder.file("huge.json"), "");
    fs::resize_file(folder.file("huge.json"), std::uintmax_t{1} << 30U);
    CHECK(
        names_in(folder.path(), {folder.file("secret.db")})
        == "%a.toml! %two%20words.json! a circle! huge! link! nowhere! pipe! secret.db!");
    auto const gone = look_into(folder.file("none"));
    REQUIRE(gone.has_error());
    CHECK(gone.error().kind == error_kind::not_found);
}

TEST_CASE("A file is read as far as it can be, and never waited for", "[lists]")
{
    test::temporary_folder const folder;
    auto const read = [&](char const* name) { return read_text({.path = folder.file(name)}); };
    write(folder.file("a"), "text");
    CHECK(read("a").text == "text");
    CHECK(read("none").is_gone);
    REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
    CHECK_THAT(read("pipe").trouble, Contains("pipe"));
    CHECK_THAT(read(".").trouble, Contains("not a file"));
}

TEST_CASE("A list is put in one step, whoever reads or puts at the same time", "[lists]")
{
    test::temporary_folder const folder;
    auto const lists = folder.file("lists");
    std::string const one(50'000, 'a');
    std::string const other(50'000, 'b');
    put_list(lists, "x", list_format::lines, one).value();
    auto const keep_putting = [&](std::string const& text) {
        for (int i = 0; i != 50; ++i)
            put_list(lists, "x", list_format::lines, text).value();
    };
    std::thread first{keep_putting, one};
    std::thread second{keep_putting, other};
    bool whole = true;
    for (int i = 0; i != 200; ++i) {
        auto const held = read_text({.path = lists + "/x.txt"});
        whole = whole && !held.is_gone && (held.is_moving || held.text == one || held.text == other);
    }
    first.join();
    second.join();
    CHECK(whole);
    // In another form it takes the place of the first.
    put_list(lists, "x", list_format::json, "[]").value();
    CHECK(names_in(lists) == "x");
    CHECK_FALSE(fs::exists(lists + "/x.txt"));
    CHECK(remove_list(lists, "x").value());
    CHECK_FALSE(remove_list(lists, "x").value());
    CHECK(names_in(lists).empty());
}

} // namespace checkwatches::intake
