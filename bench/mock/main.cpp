#include "bench/mock/control.hpp"
#include "bench/mock/farm.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace mock = checkwatches::mock;

struct arguments {
    std::vector<std::string> trackers{};
    unsigned repeat = 1;
    std::uint64_t seed = 1;
    unsigned step_every = 0;
    unsigned seconds = 600;
    bool control = false;
    bool stop_with_stdin = false;
};

void declare(CLI::App& app, arguments& into)
{
    app.add_option("--tracker", into.trackers, "kind=bugzilla,name=kde,bugs=300,flavour=kde,latency=200,…")
        ->required();
    app.add_option("--repeat", into.repeat, "that many of each, NAME-1 to NAME-N")
        ->check(CLI::Range(1, 20000));
    app.add_option("--seed", into.seed, "the first tracker's seed; each has the next one");
    app.add_option("--step-every", into.step_every, "in each tracker one bug changes every so many ms");
    app.add_option("--for", into.seconds, "end after so many seconds")->check(CLI::Range(1U, 86400U));
    app.add_flag("--control", into.control, "open a port for commands");
    app.add_flag("--stop-with-stdin", into.stop_with_stdin, "end when the standard input is closed");
}

// A tracker costs a descriptor for listening, and each client's connection another.
void allow_many_descriptors()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// Empty where an option is wrong; says so.
std::optional<std::vector<mock::tracker_options>> plan(arguments const& given)
{
    std::vector<mock::tracker_options> all;
    for (auto const& spec : given.trackers) {
        auto const read = mock::parse_tracker(spec);
        if (!read) {
            fmt::print(stderr, "checkwatches-mock: {}\n", read.error().message);
            return std::nullopt;
        }
        for (unsigned i = 1; i <= given.repeat; ++i) {
            auto one = *read;
            if (given.repeat > 1)
                one.name += fmt::format("-{}", i);
            if (spec.find("seed=") == std::string::npos)
                one.seed = given.seed + all.size();
            if (one.step_every.count() == 0)
                one.step_every = std::chrono::milliseconds{given.step_every};
            all.push_back(std::move(one));
        }
    }
    return all;
}

// Calls `stop` when nothing more can be read from the standard input.
class input_watch {
public:
    input_watch(asio::io_context& loop, std::function<void()> stop)
        : input_(loop, ::dup(0)),
          stop_(std::move(stop))
    {
        read();
    }

private:
    void read()
    {
        input_.async_read_some(asio::buffer(ignored_), [this](auto ec, std::size_t) {
            if (ec)
                stop_();
            else
                read();
        });
    }

    asio::posix::stream_descriptor input_;
    std::function<void()> stop_;
    std::array<char, 256> ignored_{};
};

int run(arguments const& given)
{
    auto const all = plan(given);
    if (!all)
        return 2;
    allow_many_descriptors();
    asio::io_context loop{1};
    mock::farm farm{loop.get_executor()};
    auto const stop = [&] { loop.stop(); };

    asio::signal_set signals{loop, SIGTERM, SIGINT};
    signals.async_wait([&](auto, int) { stop(); });
    asio::steady_timer limit{loop, std::chrono::seconds{given.seconds}};
    limit.async_wait([&](auto) { stop(); });
    std::optional<input_watch> input;
    if (given.stop_with_stdin)
        input.emplace(loop, stop);

    for (auto const& options : *all)
        fmt::print("{}\n", mock::describe(farm.add(options)));
    std::optional<mock::control> control;
    if (given.control) {
        control.emplace(loop.get_executor(), farm, stop);
        fmt::print("{{\"control\":\"{}\"}}\n", control->url());
    }
    fmt::print("{{\"ready\":true}}\n");
    std::fflush(stdout);
    loop.run();
    return 0;
}

} // namespace

int main(int argc, char** argv)
try {
    CLI::App app{"Serves many mock bug trackers from one process, for tests and measurements"};
    arguments given;
    declare(app, given);
    try {
        app.parse(argc, argv);
    }
    catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    return run(given);
}
catch (std::exception const& e) {
    std::fputs("checkwatches-mock: ", stderr);
    std::fputs(e.what(), stderr);
    std::fputs("\n", stderr);
    return 3;
}
