#include "engine/feed/digest/mailer.hpp"
#include "tests/support/print.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <unistd.h>

using namespace checkwatches;
using namespace checkwatches::feed;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

outgoing_mail const mail{
    .from = "bugs@example.org",
    .to = {"anna@example.org", "bert@example.org"},
    .name = "0123.1",
    .bytes = "Subject: x\n\n.\nbody\n"};

// A program in a folder of its own.
struct script {
    test::temporary_folder here{};
    std::string path = here.file("sendmail");

    explicit script(std::string const& body)
    {
        std::ofstream{path} << "#!/bin/sh\ncd " << here.path() << "\n" << body << "\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    mail_outcome send(std::vector<std::string> arguments = {"-i"}, std::chrono::seconds longest = 30s)
    {
        std::vector<std::string> command{path};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return make_sendmail({.command = command, .longest = longest})->send(mail, limit);
    }
    std::string read(std::string const& name) const
    {
        std::ostringstream out;
        out << std::ifstream{here.file(name)}.rdbuf();
        return out.str();
    }
    send_limit limit;
};

} // namespace

TEST_CASE("Sendmail: the message comes on standard input, the recipients as arguments", "[digest]")
{
    script s{"cat > got; printf '%s\\n' \"$@\" > arguments"};
    CHECK_FALSE(s.send().trouble);
    CHECK(s.read("got") == mail.bytes);
    CHECK(s.read("arguments") == "-i\n--\nanna@example.org\nbert@example.org\n");
    CHECK_FALSE(s.send({"-t", "-i"}).trouble);
    CHECK(s.read("arguments") == "-t\n-i\n");
}

TEST_CASE("Sendmail: the program is told nothing of our environment but what mail may need", "[digest]")
{
    ::setenv("CHECKWATCHES_TEST_WORD", "open sesame", 1);
    ::setenv("LC_TIME", "C", 1);
    script s{"cat > /dev/null; env > got"};
    CHECK_FALSE(s.send().trouble);
    ::unsetenv("CHECKWATCHES_TEST_WORD");
    ::unsetenv("LC_TIME");
    CHECK_THAT(s.read("got"), Contains("PATH=") && Contains("LC_TIME=C") && !Contains("sesame"));
}

TEST_CASE("Sendmail: the exit code says what became of it", "[digest]")
{
    auto const of = [](std::string const& body) { return script{body}.send(); };
    CHECK_FALSE(of("exit 0").trouble); // it need not read
    auto const busy = of("echo come again >&2; exit 75");
    REQUIRE(busy.trouble);
    CHECK_FALSE(busy.is_refusal);
    CHECK_THAT(busy.trouble->message, Contains("exit code 75") && Contains("it said: come again"));
    CHECK(of("exit 67").is_refusal);
    CHECK(of("exit 1").is_refusal);
    CHECK_FALSE(of("exit 127").is_refusal);
    CHECK_THAT(of("kill -9 $$").trouble->message, Contains("signal 9"));
    CHECK(of("yes x | head -c 3000000; exit 67").trouble->message.size() < 3'000);
}

TEST_CASE("Sendmail: a program that does not end is ended, with what it started", "[digest]")
{
    script s{"mkfifo never; cat never & echo $! > child; wait"};
    auto const slow = s.send({}, 5s);
    REQUIRE(slow.trouble);
    CHECK_FALSE(slow.is_refusal);
    CHECK_THAT(slow.trouble->message, Contains("did not end within 5 s"));
    auto const child = s.read("child");
    // Readable once the process has ended (pidfd_open(2)); that it is not there any more is an end, too.
    auto const handle = static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(child), 0));
    if (handle < 0) {
        CHECK(errno == ESRCH);
        return;
    }
    pollfd until{.fd = handle, .events = POLLIN, .revents = 0};
    CHECK(::poll(&until, 1, 30'000) == 1);
    ::close(handle);
}

TEST_CASE("Sendmail: when all is to end it is not waited for", "[digest]")
{
    script s{"mkfifo never; cat never"};
    s.limit.set(0ms);
    CHECK_THAT(s.send().trouble->message, Contains("stopped"));
}

TEST_CASE("Sendmail: a program that is not there is told by its name", "[digest]")
{
    auto const none = make_sendmail({.command = {"/no/such/sendmail", "-i"}})->send(mail, send_limit{});
    REQUIRE(none.trouble);
    CHECK_FALSE(none.is_refusal);
    CHECK_THAT(none.trouble->message, Contains("/no/such/sendmail"));
}

TEST_CASE("A folder takes messages as files, the same one once", "[digest]")
{
    test::temporary_folder here;
    auto const to = make_mail_folder(here.path());
    CHECK_FALSE(to->send(mail, send_limit{}).trouble);
    CHECK_FALSE(to->send(mail, send_limit{}).trouble);
    std::vector<std::string> names;
    for (auto const& one : std::filesystem::directory_iterator{here.path()})
        names.push_back(one.path().filename());
    CHECK(names == std::vector<std::string>{"0123.1.eml"});
    auto const none = make_mail_folder(here.file("none"))->send(mail, send_limit{});
    REQUIRE(none.trouble);
    CHECK_FALSE(none.is_refusal);
}
