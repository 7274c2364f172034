#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <set>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "ground.hpp"
#include "raw_client.hpp"

namespace checkwatches::mock {

namespace {

// checkwatches-mock with pipes to its standard input and output.
class program {
public:
    explicit program(std::vector<std::string> arguments)
    {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        REQUIRE(::pipe(in.data()) == 0);
        REQUIRE(::pipe(out.data()) == 0);
        arguments.insert(arguments.begin(), MOCK_PROGRAM);
        std::vector<char*> words;
        for (auto& argument : arguments)
            words.push_back(argument.data());
        words.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            for (int const fd : {in[0], in[1], out[0], out[1]})
                ::close(fd);
            ::execv(MOCK_PROGRAM, words.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        output_ = ::fdopen(out[0], "r");
    }
    ~program()
    {
        close_input();
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
        (void)std::fclose(output_);
    }
    program(program const&) = delete;
    program& operator=(program const&) = delete;

    // The next line of its output as JSON; null at the end.
    boost::json::value line()
    {
        std::array<char, 4096> text{};
        if (std::fgets(text.data(), text.size(), output_) == nullptr)
            return nullptr;
        return boost::json::parse(std::string{text.data()});
    }
    void signal(int number) const { ::kill(pid_, number); }
    void close_input()
    {
        if (input_ >= 0)
            ::close(input_);
        input_ = -1;
    }
    // Its exit code; -1 where a signal ended it.
    int wait()
    {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = -1;
    int input_ = -1;
    FILE* output_ = nullptr;
};

std::string text(boost::json::value const& of, std::string_view name)
{
    return std::string{of.at(name).as_string()};
}

} // namespace

TEST_CASE("the program says where its trackers are and takes commands")
{
    program mock{
        {"--tracker",
         "kind=bugzilla,name=bz,bugs=30",
         "--tracker",
         "kind=launchpad,name=lp",
         "--seed",
         "7",
         "--control"}};
    auto const bugzilla = mock.line();
    auto const launchpad = mock.line();
    auto const control = text(mock.line(), "control");
    CHECK(mock.line().at("ready") == true);
    CHECK(text(bugzilla, "name") == "bz");
    CHECK(text(bugzilla, "kind") == "bugzilla");
    CHECK(text(launchpad, "api") == text(launchpad, "url") + "devel");
    auto const url = text(bugzilla, "url");

    CHECK(
        post(control, "/change?tracker=bz&id=3&status=RESOLVED&resolution=FIXED").body
        == "{\"changed\":[3]}\n");
    CHECK(contains(get(url, "/rest/bug?id=3&include_fields=status").body, "RESOLVED"));
    auto const moved = boost::json::parse(post(control, "/step?tracker=bz&count=4").body);
    CHECK(moved.at("changed").as_array().size() == 4);
    CHECK(post(control, "/fault?tracker=bz&fault=404&lasts=1").status == 200);
    CHECK(get(url, "/rest/version").status == 404);
    CHECK(get(url, "/rest/version").status == 200);

    auto const ledger = boost::json::parse(get(control, "/ledger?tracker=bz").body);
    CHECK(text(ledger.at("bugs").at(2).at("states").at(1), "resolution") == "FIXED");
    auto const counts = boost::json::parse(lines(get(control, "/requests").body).front());
    CHECK(counts.at("requests") == 3);
    CHECK(counts.at("ids_asked") == 1);
    CHECK(post(control, "/step?tracker=nobody").status == 404);
    CHECK(post(control, "/change?tracker=bz&id=99&status=NEW").status == 404);
    CHECK(post(control, "/fault?fault=hiccup").status == 400);
    CHECK(post(control, "/clock?tracker=bz&ahead=-5000").status == 200);
    CHECK(post(control, "/clock?ahead=soon").status == 400);
    CHECK(get(control, "/step").status == 404);

    CHECK(post(control, "/stop").status == 200);
    CHECK(mock.wait() == 0);
}

TEST_CASE("the program repeats trackers, each with a seed of its own")
{
    program mock{{"--tracker", "kind=trac,name=t,bugs=9", "--repeat", "3", "--stop-with-stdin"}};
    std::string names;
    std::set<std::string> data;
    for (int i = 0; i < 3; ++i) {
        auto const t = mock.line();
        names += text(t, "name") + " ";
        data.insert(
            get(text(t, "url"), "/query?id=1-9&format=csv&col=id&col=status&col=priority&order=id").body);
    }
    CHECK(names == "t-1 t-2 t-3 ");
    CHECK(data.size() == 3);
    CHECK(mock.line().at("ready") == true);
    mock.close_input();
    CHECK(mock.wait() == 0);
}

TEST_CASE("the program ends on a signal, after its time, and at once where it is told nonsense")
{
    program asked{{"--tracker", "kind=trac"}};
    asked.line();
    asked.line();
    asked.signal(SIGTERM);
    CHECK(asked.wait() == 0);

    program timed{{"--tracker", "kind=trac", "--for", "1"}};
    CHECK(timed.wait() == 0);
    CHECK(program{{"--tracker", "kind=tracker"}}.wait() == 2);
    CHECK(program{{"--no-such-option"}}.wait() == 2);
}

} // namespace checkwatches::mock
