#include "engine/feed/message_file.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

struct spool {
    test::temporary_folder here;
    message_file_settings how{.folder = here.file("out/spool"), .name = "fedora"};

    std::string text(std::string const& name) const
    {
        std::ifstream in{how.folder + "/" + name};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void write(std::string const& name, std::string const& what) const
    {
        fs::create_directories(how.folder);
        std::ofstream{how.folder + "/" + name} << what;
    }
    std::string names() const
    {
        std::vector<std::string> all;
        for (auto const& each : fs::directory_iterator{how.folder})
            if (auto name = each.path().filename().string(); !name.starts_with('.'))
                all.push_back(std::move(name));
        std::ranges::sort(all);
        std::string out;
        for (auto const& name : all)
            out += name + " ";
        return out;
    }
};

} // namespace

TEST_CASE("message file: lines are appended, and go on where they ended", "[files]")
{
    spool s;
    {
        message_file to{s.how};
        REQUIRE(to.append("one\n"));
        REQUIRE(to.append("two\nthree\n"));
        CHECK(s.names() == "fedora.1.jsonl.part ");
    }
    message_file again{s.how};
    REQUIRE(again.append("four\n"));
    CHECK(s.text("fedora.1.jsonl.part") == "one\ntwo\nthree\nfour\n");
}

TEST_CASE("message file: half a line that a crash left is taken out", "[files]")
{
    spool s;
    auto const left = GENERATE(
        std::string{"{\"half"},
        std::string{"one\n{\"half"},
        std::string(200'000, 'x'),
        "one\n" + std::string(70'000, 'x'));
    s.write("fedora.4.jsonl.part", left);
    message_file to{s.how};
    REQUIRE(to.append("two\n"));
    CHECK(s.text("fedora.4.jsonl.part") == (left.starts_with("one\n") ? "one\ntwo\n" : "two\n"));
}

TEST_CASE("message file: a full one is handed over, and no number is given twice", "[files]")
{
    spool s;
    s.how.size = 8;
    {
        message_file to{s.how};
        REQUIRE(to.append("12345\n"));
        CHECK(s.names() == "fedora.1.jsonl.part ");
        REQUIRE(to.append("67\n"));
        CHECK(s.names() == "fedora.1.jsonl fedora.2.jsonl.part ");
        CHECK(s.text("fedora.1.jsonl") == "12345\n67\n");
        fs::remove(s.how.folder + "/fedora.1.jsonl"); // it was published
    }
    s.write("other.7.jsonl", "");
    s.write("fedora.x.jsonl", "");
    message_file again{s.how};
    REQUIRE(again.append("123456789\n"));
    CHECK(s.names() == "fedora.2.jsonl fedora.3.jsonl.part fedora.x.jsonl other.7.jsonl ");
}

TEST_CASE("message file: where it was killed between two files it goes on behind the last", "[files]")
{
    spool s;
    s.write("fedora.11.jsonl", "old\n");
    s.write("fedora.9.jsonl", "older\n");
    message_file to{s.how};
    REQUIRE(to.append("new\n"));
    CHECK(s.names() == "fedora.11.jsonl fedora.12.jsonl.part fedora.9.jsonl ");
}

TEST_CASE("message file: what has waited for long enough is handed over, an empty one never", "[files]")
{
    spool s;
    s.how.age = 0s;
    s.write("fedora.1.jsonl.part", "left\nhal");
    message_file to{s.how};
    to.tend();
    CHECK(s.names() == "fedora.1.jsonl fedora.2.jsonl.part ");
    CHECK(s.text("fedora.1.jsonl") == "left\n");
    to.tend();
    CHECK(s.names() == "fedora.1.jsonl fedora.2.jsonl.part ");
    REQUIRE(to.append("next\n"));
    to.tend();
    CHECK(s.text("fedora.2.jsonl") == "next\n");
}

TEST_CASE("message file: a number behind which there is none is nobody's", "[files]")
{
    spool s;
    s.write("fedora.18446744073709551615.jsonl", "old\n");
    s.write("fedora.9223372036854775809.jsonl.part", "old\n");
    s.write("fedora.3.jsonl", "old\n");
    message_file to{s.how};
    REQUIRE(to.append("new\n"));
    CHECK(s.text("fedora.4.jsonl.part") == "new\n");
}

TEST_CASE("message file: as long as one writes another does not", "[files]")
{
    spool s;
    auto before = std::make_unique<message_file>(s.how);
    REQUIRE(before->append("one\n"));
    message_file after{s.how};
    after.tend();
    REQUIRE(before->append("two\n"));
    auto const refused = after.append("three\n");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::storage);
    before.reset();
    REQUIRE(after.append("three\n"));
    CHECK(s.text("fedora.1.jsonl.part") == "one\ntwo\nthree\n");
}

TEST_CASE("message file: its group may read it, whatever the umask", "[files]")
{
    spool s;
    auto const before = ::umask(0077);
    message_file to{s.how};
    auto const done = to.append("one\n");
    ::umask(before);
    REQUIRE(done);
    struct stat about{};
    REQUIRE(::stat((s.how.folder + "/fedora.1.jsonl.part").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0640);
}

TEST_CASE("message file: what goes wrong is told, and mended when it passes", "[files]")
{
    spool s;
    s.how.folder = s.here.file("place");
    std::ofstream{s.how.folder} << "a file";
    message_file to{s.how};
    auto const refused = to.append("one\n");
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == error_kind::storage);
    CHECK(refused.error().message.find(s.how.folder) != std::string::npos);
    to.tend();
    fs::remove(s.how.folder);
    REQUIRE(to.append("one\n"));

    fs::remove(s.how.folder + "/fedora.1.jsonl.part");
    CHECK(to.append("two\n").has_error()); // it would be nowhere
    REQUIRE(to.append("two\n"));
    CHECK(s.text("fedora.1.jsonl.part") == "two\n");
}
