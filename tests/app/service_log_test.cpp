#include "engine/app/service_log.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace checkwatches;
using namespace checkwatches::app;

namespace {

std::string logfmt(std::string const& value)
{
    return log_line(log_format::logfmt, log_level::info, "e", {{"k", value}});
}

// A pipe whose reading end takes what is there, without waiting for more.
class pipe_ends {
public:
    pipe_ends()
    {
        REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0);
        REQUIRE(::fcntl(ends_[0], F_SETFL, O_NONBLOCK) == 0);
    }
    pipe_ends(pipe_ends const&) = delete;
    ~pipe_ends()
    {
        close_reader();
        ::close(ends_[1]);
    }

    int writer() const { return ends_[1]; }

    std::string text()
    {
        std::string out;
        std::array<char, 4096> some{};
        for (ssize_t n = 0; (n = ::read(ends_[0], some.data(), some.size())) > 0;)
            out.append(some.data(), static_cast<std::size_t>(n));
        return out;
    }

    void close_reader()
    {
        if (ends_[0] >= 0)
            ::close(ends_[0]);
        ends_[0] = -1;
    }

private:
    std::array<int, 2> ends_{};
};

// Names the file as journald's, while it lives.
class journal_of {
public:
    explicit journal_of(int file)
    {
        struct stat about{};
        REQUIRE(::fstat(file, &about) == 0);
        auto const name = std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
        REQUIRE(::setenv("JOURNAL_STREAM", name.c_str(), 1) == 0);
    }
    journal_of(journal_of const&) = delete;
    ~journal_of() { ::unsetenv("JOURNAL_STREAM"); }
};

std::size_t lines_in(std::string const& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("logfmt quotes what needs it and keeps one event on one line")
{
    CHECK(
        log_line(log_format::logfmt, log_level::warning, "pass done", {{"bugs", 3}, {"tracker", "kde"}})
        == R"(level=warning event="pass done" bugs=3 tracker=kde)");
    CHECK(logfmt("") == R"(level=info event=e k="")");
    CHECK(logfmt("a b") == R"(level=info event=e k="a b")");
    CHECK(logfmt("a=b") == R"(level=info event=e k="a=b")");
    CHECK(logfmt(R"(say "x\y")") == R"(level=info event=e k="say \"x\\y\"")");
    CHECK(logfmt("a\nlevel=error\r\tb") == R"(level=info event=e k="a\nlevel=error\r\tb")");
    CHECK(logfmt("日本") == "level=info event=e k=日本");
}

TEST_CASE("nothing in a value steers a terminal or breaks the line")
{
    CHECK(logfmt("a\x1B[31mb") == R"(level=info event=e k="a [31mb")");
    CHECK(logfmt(std::string{"a\0b", 3}) == R"(level=info event=e k="a b")");
    CHECK(
        logfmt("a\xC2\x9B"
               "b")
        == R"(level=info event=e k="a b")");
    CHECK(logfmt("a\xFF").find('\xFF') == std::string::npos);
    // U+202E turns what follows round, U+2028 is a line end to some.
    CHECK(logfmt("a\xE2\x80\xAE") == R"(level=info event=e k="a\u202e")");
    CHECK(logfmt("a\xE2\x80\xA8\xE2\x81\xA6") == R"(level=info event=e k="a\u2028\u2066")");
    CHECK(logfmt("a\xE2\x80\x94") == "level=info event=e k=a\xE2\x80\x94");
}

TEST_CASE("user and password of a URL are masked wherever they stand")
{
    CHECK(logfmt("https://me:s3cret@h/x") == "level=info event=e k=https://***@h/x");
    CHECK(
        logfmt("GET https://a/b@c then http://t0ken@d@e:8/ end")
        == R"(level=info event=e k="GET https://a/b@c then http://***@e:8/ end")");
    CHECK(logfmt("https://h/?mail=me@x") == R"(level=info event=e k="https://h/?mail=me@x")");
    CHECK(logfmt("ends with ://") == R"(level=info event=e k="ends with ://")");
}

TEST_CASE("a line fits into one piece of a pipe, and is cut between characters")
{
    std::string many;
    for (int i = 0; i != 3000; ++i)
        many += "ü\n";
    auto const line = log_line(
        log_format::json, log_level::error, "e", {{"a", many}, {"b", many}, {"c", many}, {"d", many}});
    CHECK(line.size() < 4000);
    auto const read = boost::json::parse("{" + line + "}");
    CHECK(read.at("a").as_string().ends_with("…"));
    CHECK(read.at("d").as_string() == "…");
}

TEST_CASE("JSON lines read back as what was said")
{
    std::string const nasty = "q\" b\\ n\n t\t ü \xE2\x80\xA8";
    auto const line = log_line(
        log_format::json, log_level::notice, "x", {{"k", nasty}, {"n", 12}, {"text", "12"}});
    auto const read = boost::json::parse("{" + line + "}");
    CHECK(read.at("level").as_string() == "notice");
    CHECK(read.at("k").as_string() == nasty);
    CHECK(read.at("n").as_int64() == 12);
    CHECK(read.at("text").as_string() == "12");
    CHECK(lines_in(line) == 0);
}

TEST_CASE("the log starts each line with the time")
{
    pipe_ends pipe;
    service_log log{{}, pipe.writer()};
    log.write(log_level::debug, "too much", {});
    log.write(log_level::notice, "started", {{"pid", 7}, {"percent", "100%d {}"}});
    auto const text = pipe.text();
    CHECK(lines_in(text) == 1);
    CHECK_THAT(
        text,
        Catch::Matchers::Matches(
            R"(time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=notice event=started pid=7 percent="100%d \{\}"\n)"));
}

TEST_CASE("the log changes its level and format while it runs")
{
    pipe_ends pipe;
    service_log log{{}, pipe.writer()};
    log.change({.level = log_level::error, .format = log_format::json});
    log.write(log_level::warning, "a", {});
    log.write(log_level::error, "b", {{"n", 1}});
    auto const read = boost::json::parse(pipe.text());
    CHECK(read.at("event").as_string() == "b");
    CHECK(read.at("n").as_int64() == 1);
    CHECK(read.at("time").as_string().ends_with("Z"));
}

TEST_CASE("journald gets the priority and no time")
{
    pipe_ends pipe;
    journal_of const named{pipe.writer()};
    service_log log{{.level = log_level::debug}, pipe.writer()};
    log.write(log_level::debug, "d", {});
    log.write(log_level::info, "i", {});
    log.write(log_level::notice, "n", {});
    log.write(log_level::warning, "w", {});
    log.write(log_level::error, "e", {});
    CHECK(
        pipe.text()
        == "<7>level=debug event=d\n<6>level=info event=i\n<5>level=notice event=n\n"
           "<4>level=warning event=w\n<3>level=error event=e\n");
    log.change({.format = log_format::json});
    log.write(log_level::info, "i", {});
    CHECK(pipe.text() == "<6>{\"level\":\"info\",\"event\":\"i\"}\n");
}

TEST_CASE("another file than the one that journald reads is no journal")
{
    pipe_ends journal;
    pipe_ends pipe;
    journal_of const named{journal.writer()};
    service_log log{{}, pipe.writer()};
    log.write(log_level::info, "i", {});
    CHECK(pipe.text().starts_with("time="));
}

TEST_CASE("a pipe that nobody reads loses lines, does not stop the log, and the loss is told")
{
    pipe_ends pipe;
    service_log log{{}, pipe.writer()};
    std::string const long_value(1'000, 'x');
    for (int i = 0; i != 500; ++i)
        log.write(log_level::info, "filler", {{"value", long_value}});
    auto const before = lines_in(pipe.text());
    CHECK(before < 500);
    log.write(log_level::info, "after", {});
    auto const after = pipe.text();
    CHECK(lines_in(after) == 2);
    CHECK(
        after.find(
            "level=warning event=\"lines of this log were lost\" lines=" + std::to_string(500 - before))
        != std::string::npos);
    CHECK(after.find("event=after") != std::string::npos);
    log.write(log_level::info, "calm", {});
    CHECK(lines_in(pipe.text()) == 1);
}

TEST_CASE("a socket that nobody reads does not stop the log either")
{
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    service_log log{{}, ends[1]};
    std::string const long_value(1'000, 'x');
    for (int i = 0; i != 2'000; ++i)
        log.write(log_level::info, "filler", {{"value", long_value}});
    ::close(ends[0]);
    log.write(log_level::info, "nobody there", {});
    ::close(ends[1]);
    SUCCEED("it came here");
}

TEST_CASE("a log whose reader is gone or whose disk is full goes on without a word")
{
    auto const before = std::signal(SIGPIPE, SIG_IGN);
    pipe_ends pipe;
    service_log log{{}, pipe.writer()};
    pipe.close_reader();
    log.write(log_level::error, "to nobody", {});
    log.write(log_level::error, "to nobody", {});

    int const full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    service_log on_full{{}, full};
    on_full.write(log_level::error, "no room", {});
    ::close(full);
    on_full.write(log_level::error, "no file", {});
    std::signal(SIGPIPE, before);
}

TEST_CASE("a file gets whole lines in order")
{
    test::temporary_folder const folder;
    auto const path = folder.file("log");
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    service_log log{{.format = log_format::json}, file};
    for (int i = 0; i != 100; ++i)
        log.write(log_level::info, "count", {{"i", i}});
    ::close(file);
    std::ifstream in{path};
    int expected = 0;
    for (std::string line; std::getline(in, line); ++expected)
        CHECK(boost::json::parse(line).at("i").as_int64() == expected);
    CHECK(expected == 100);
}
