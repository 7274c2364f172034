#include "storage/schema.hpp"
#include "storage/sqlite.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/print.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::storage;
using namespace checkwatches::storage::test;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(std::string const& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(std::string const& path, std::string const& bytes)
{
    std::ofstream{path, std::ios::binary} << bytes;
}

// The names in a folder, to see that nothing was left there.
std::vector<std::string> names_in(std::string const& folder)
{
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator{folder})
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

// Both sides refuse with a storage error that names the path and says `why`.
void check_refused(std::string const& path, std::string const& why)
{
    auto const writing = store::open(path);
    REQUIRE(writing.has_error());
    CHECK(writing.error().kind == error_kind::storage);
    CHECK_THAT(writing.error().message, Contains(path) && Contains(why));
    auto const reading = reader::open(path);
    REQUIRE(reading.has_error());
    CHECK(reading.error().kind == error_kind::storage);
    CHECK_THAT(reading.error().message, Contains(path));
}

// As root, permissions hold for nobody but "nobody".
class as_nobody {
public:
    as_nobody() : was_root_{geteuid() == 0}
    {
        if (was_root_)
            REQUIRE(seteuid(65534) == 0);
    }
    as_nobody(as_nobody const&) = delete;
    ~as_nobody()
    {
        if (was_root_ && seteuid(0) != 0)
            std::abort();
    }

private:
    bool was_root_;
};

} // namespace

TEST_CASE("open: makes the file and its folders, and finds it again")
{
    scratch here;
    auto const path = here.path("state/of/ours/record.db");
    {
        auto const s = open_store(path);
        add_tracker(*s, "bugs.example.org");
    }
    auto const again = open_store(path);
    CHECK(open_reader(path)->trackers().size() == 1);
    CHECK(number(path, "PRAGMA application_id") == application_id);
    CHECK(number(path, "PRAGMA user_version") == 6);
    CHECK(number(path, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'") == 1);
}

TEST_CASE("open: an empty file becomes a database")
{
    scratch here;
    write_file(here.path(), "");
    open_store(here.path());
    CHECK(open_reader(here.path())->trackers().empty());
}

TEST_CASE("open: names that mean something else to SQLite are plain files")
{
    scratch here;
    auto const before = fs::current_path();
    fs::current_path(here.folder());
    open_store(":memory:");
    open_store("file:x?mode=memory");
    fs::current_path(before);
    CHECK(names_in(here.folder()) == std::vector<std::string>{":memory:", "file:x?mode=memory"});
    CHECK(store::open("").has_error());
}

TEST_CASE("open: a reader makes nothing")
{
    scratch here;
    auto const refused = reader::open(here.path("none/record.db"));
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::storage);
    CHECK_THAT(refused.error().message, Contains(here.path("none/record.db")) && Contains("no database"));
    write_file(here.path("empty.db"), "");
    CHECK(reader::open(here.path("empty.db")).has_error());
    CHECK(names_in(here.folder()) == std::vector<std::string>{"empty.db"});
}

TEST_CASE("open: what is no database of ours is refused and left as it is")
{
    scratch here;
    auto const path = here.path("it");

    SECTION("a folder")
    {
        fs::create_directory(path);
        check_refused(path, "is a folder");
        CHECK(names_in(path).empty());
    }
    SECTION("text")
    {
        auto const text = std::string(5'000, 'x');
        write_file(path, text);
        check_refused(path, "not a SQLite database");
        CHECK((bytes_of(path) == text));
    }
    SECTION("the beginning of a database")
    {
        write_file(path, std::string{"SQLite format 3\0abc", 19});
        check_refused(path, "not a SQLite database");
    }
    SECTION("a device")
    {
        check_refused("/dev/null", "not a regular file");
    }
    SECTION("a file where its folder should be")
    {
        write_file(path, "text");
        check_refused(path + "/record.db", "cannot be made: Not a directory");
        CHECK(bytes_of(path) == "text");
    }
    SECTION("a folder where nobody can make files")
    {
        check_refused("/proc/checkwatches.db", "name another file");
    }
    CHECK(names_in(here.folder()).size() <= 1);
}

TEST_CASE("open: another program's database is refused and left as it is")
{
    scratch here;
    auto const path = here.path("theirs.db");
    // Perhaps with a log beside it, as after a crash: an open by SQLite would fold that into the file.
    auto const wal = GENERATE(false, true);
    auto const mark = GENERATE("", "PRAGMA application_id = 252006673");
    {
        sqlite::database theirs{here.path(), sqlite::access::write};
        theirs.execute(mark);
        if (wal)
            theirs.execute("PRAGMA journal_mode = WAL");
        theirs.execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('theirs')");
        write_file(path, bytes_of(here.path()));
        if (wal)
            write_file(path + "-wal", bytes_of(here.path() + "-wal"));
    }
    auto const file = bytes_of(path);
    auto const log = bytes_of(path + "-wal");
    REQUIRE(log.empty() != wal);
    auto const names = names_in(here.folder());
    check_refused(path, "another program");
    CHECK((bytes_of(path) == file));
    CHECK((bytes_of(path + "-wal") == log));
    CHECK(names_in(here.folder()) == names);
}

TEST_CASE("open: a newer version is refused by both numbers and left as it is")
{
    scratch here;
    open_store(here.path());
    execute(here.path(), "PRAGMA user_version = 7");
    auto const before = bytes_of(here.path());
    check_refused(here.path(), "version 7 of the database and this checkwatches knows versions up to 6");
    CHECK((bytes_of(here.path()) == before));
}

TEST_CASE("open: a newer version that only the log tells of is refused, too")
{
    scratch here;
    auto const s = open_store(here.path());
    sqlite::database newer{here.path(), sqlite::access::write};
    newer.execute("PRAGMA user_version = 7");
    check_refused(here.path(), "version 7");
}

TEST_CASE("open: without permission nothing happens")
{
    scratch here;
    REQUIRE(chmod(here.folder().c_str(), 0755) == 0);
    {
        auto const s = open_store(here.path());
        add_tracker(*s, "bugs.example.org");
    }
    auto const before = bytes_of(here.path());

    SECTION("to write into the folder")
    {
        REQUIRE(chmod(here.folder().c_str(), 0555) == 0);
        as_nobody const powerless;
        check_refused(here.path("new.db"), "permission");
        check_refused(here.path("folder/new.db"), "Permission denied");
    }
    SECTION("to write the file")
    {
        REQUIRE(chmod(here.path().c_str(), 0444) == 0);
        REQUIRE(chmod(here.folder().c_str(), 0555) == 0);
        as_nobody const powerless;
        check_refused(here.path(), "read-only");
    }
    SECTION("to write the file, in a folder where others may")
    {
        REQUIRE(chmod(here.path().c_str(), 0444) == 0);
        REQUIRE(chmod(here.folder().c_str(), 0777) == 0);
        as_nobody const powerless;
        auto const writing = store::open(here.path());
        REQUIRE(writing.has_error());
        CHECK_THAT(writing.error().message, Contains(here.path()) && Contains("read-only"));
        CHECK(open_reader(here.path())->trackers().size() == 1);
    }
    SECTION("to read the file")
    {
        REQUIRE(chmod(here.path().c_str(), 0) == 0);
        as_nobody const powerless;
        check_refused(here.path(), "Permission denied");
    }
    SECTION("to enter the folder")
    {
        REQUIRE(chmod(here.folder().c_str(), 0) == 0);
        as_nobody const powerless;
        check_refused(here.path(), "Permission denied");
    }
    REQUIRE(chmod(here.folder().c_str(), 0755) == 0);
    REQUIRE(chmod(here.path().c_str(), 0644) == 0);
    CHECK((bytes_of(here.path()) == before));
}
