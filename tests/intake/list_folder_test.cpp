#include "engine/intake/lists/list_folder.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

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
    // Who finds the lock held for too long is told so, and comes again.
    auto const put = [&](std::string const& text) {
        auto done = put_list(lists, "x", list_format::lines, text);
        while (!done && done.error().message.find("cannot take the lock") != std::string::npos)
            done = put_list(lists, "x", list_format::lines, text);
        done.value();
    };
    auto const keep_putting = [&](std::string const& text) {
        for (int i = 0; i != 50; ++i)
            put(text);
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
    put_list(lists, "x", list_format::json, "[]", {.path = lists + "/x.txt", .was_good = true}).value();
    CHECK(names_in(lists) == "x");
    CHECK_FALSE(fs::exists(lists + "/x.txt"));
    known_file const known{.path = lists + "/x.json"};
    CHECK(remove_list(lists, "x", known).value());
    CHECK_FALSE(remove_list(lists, "x", known).value());
    CHECK(fs::is_empty(lists)); // of locks, too
}

TEST_CASE("What is no list stays when a list of its name is put or removed", "[lists]")
{
    test::temporary_folder const folder;
    auto const& lists = folder.path();
    auto const base = folder.file("w.db");
    auto const conf = folder.file("config.toml");
    write(base, "");
    write(conf, "[network]\n");
    std::vector<std::string> const closed{base};
    // As a look finds them.
    known_file const of_base{.path = base, .was_good = true, .closed = closed};
    known_file const of_conf{.path = conf, .closed = closed};
    for (auto const format : {list_format::json, list_format::toml, list_format::lines}) {
        CHECK(put_list(lists, "w.db", format, "", of_base).error().kind == error_kind::usage);
        CHECK(put_list(lists, "config", format, "", of_conf).error().kind == error_kind::usage);
    }
    CHECK(put_list(lists, "config", list_format::toml, "").error().kind == error_kind::usage);
    CHECK(remove_list(lists, "w.db", of_base).error().kind == error_kind::usage);
    CHECK(remove_list(lists, "config", of_conf).error().kind == error_kind::usage);
    CHECK_FALSE(remove_list(lists, "config", {}).value());
    CHECK(put_list(lists, "config", list_format::json, "[]").has_value()); // another file
    CHECK(fs::exists(base));
    CHECK(fs::file_size(conf) == 10);
    // What was a list once, or is one that nobody looked at, gives way.
    write(folder.file("a.json"), "[");
    CHECK(put_list(lists, "a", list_format::json, "[]", {.path = folder.file("a.json"), .was_good = true}));
    CHECK(put_list(lists, "a", list_format::json, "[]"));
}

TEST_CASE("What others put into a folder of lists neither stops it nor leads to a database", "[lists]")
{
    test::temporary_folder const folder;
    auto const lists = folder.file("lists");
    auto const base = folder.file("w.db");
    fs::create_directory(lists);
    write(base, "data");
    known_file const known{.closed = {base}};
    auto const put = [&] { return put_list(lists, "x", list_format::lines, "", known); };
    // As SQLite holds it; it would be lost if a file of the database was opened and closed.
    int const held = ::open(base.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    REQUIRE(::fcntl(held, F_SETLK, &lock) == 0);

    fs::create_symlink(base, lists + "/link.txt");
    CHECK_THAT(read_text({.path = lists + "/link.txt"}, {base}).trouble, Contains("database"));
    fs::create_hard_link(base, lists + "/.x.lock");
    CHECK(put().has_error());
    fs::remove(lists + "/.x.lock");
    fs::create_symlink(base, lists + "/.x.lock");
    CHECK(put().has_error());
    fs::remove(lists + "/.x.lock");
    REQUIRE(::mkfifo((lists + "/.x.lock").c_str(), 0600) == 0);
    CHECK(put().has_error());
    fs::remove(lists + "/.x.lock");
    fs::create_hard_link(base, lists + "/.x.fresh");
    CHECK(put().has_value());
    CHECK(fs::file_size(base) == 4);
    REQUIRE(::mkfifo((lists + "/.x.fresh").c_str(), 0600) == 0);
    CHECK(put().has_value());

    struct flock seen{};
    seen.l_type = F_WRLCK;
    int const other = ::open(base.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::fcntl(other, F_OFD_GETLK, &seen) == 0);
    CHECK(seen.l_type == F_WRLCK);
    ::close(other);
    ::close(held);

    int const locked = ::open((lists + "/.x.lock").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::flock(locked, LOCK_EX) == 0);
    CHECK_THAT(put().error().message, Contains("lock"));
    ::close(locked);
    CHECK(put().has_value());
}

TEST_CASE("No list is put that is one too many to look for", "[lists]")
{
    test::temporary_folder const folder;
    for (std::size_t i = 0; i != most_lists - 1; ++i)
        write(folder.file("l" + std::to_string(i)), "");
    CHECK(put_list(folder.path(), "x", list_format::lines, "").has_value());
    CHECK(put_list(folder.path(), "y", list_format::lines, "").error().kind == error_kind::usage);
    CHECK(put_list(folder.path(), "x", list_format::lines, "").has_value());
    CHECK(look_into(folder.path()).value().size() == most_lists);
    CHECK_FALSE(fs::exists(folder.file(".y.lock")));
}

} // namespace checkwatches::intake
