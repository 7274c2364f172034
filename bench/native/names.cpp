// Looks names up that nobody has asked for before: one, and then many at once. Prints how long each took.
//
//   checkwatches-names --names 200 --server 127.0.0.1:PORT      by our own resolver
//   checkwatches-names --names 200 --how asio                   by Asio's, from /etc/resolv.conf
//   checkwatches-names --names 200 --how threads                by 16 threads that call getaddrinfo
#include "engine/net/resolver.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <netdb.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "cpu_used.hpp"

namespace {

using namespace checkwatches;
using stopwatch = std::chrono::steady_clock;

constexpr std::size_t threads = 16;
constexpr std::chrono::minutes patience{2};

std::vector<std::string> fresh_names(std::size_t many)
{
    static int call = 0;
    ++call;
    std::vector<std::string> out;
    for (std::size_t i = 0; i != many; ++i)
        out.push_back(fmt::format("n{}-{}-{}.bench.test", i, call, ::getpid()));
    return out;
}

// Ways to look all of some names up: how many were found.
class our_resolver {
public:
    explicit our_resolver(std::string const& server) : names_{loop_.get_executor(), dog_, server} {}

    std::size_t operator()(std::vector<std::string> const& names)
    {
        found_ = 0;
        left_ = names.size();
        for (auto const& name : names)
            asio::co_spawn(loop_, look_up(name, patience), [](std::exception_ptr e) {
                if (e)
                    std::rethrow_exception(e);
            });
        loop_.restart();
        loop_.run();
        return found_;
    }

private:
    awaitable<void> look_up(std::string name, std::chrono::milliseconds within)
    {
        auto const got = co_await names_.resolve(name, within);
        found_ += got.has_value() ? 1 : 0;
        if (--left_ == 0)
            loop_.stop(); // a timer for answers that are missing still runs
    }

    asio::io_context loop_{1};
    net::watchdog dog_{loop_.get_executor()};
    net::resolver names_;
    std::size_t found_ = 0;
    std::size_t left_ = 0;
};

std::size_t by_asio(std::vector<std::string> const& names)
{
    asio::io_context loop{1};
    asio::ip::tcp::resolver resolver{loop};
    std::size_t found = 0;
    for (auto const& name : names)
        resolver.async_resolve(
            name, "80", [&](error_code ec, asio::ip::tcp::resolver::results_type const&) { found += !ec; });
    loop.run();
    return found;
}

std::size_t by_threads(std::vector<std::string> const& names)
{
    asio::thread_pool pool{threads};
    std::atomic<std::size_t> found = 0;
    for (auto const& name : names)
        asio::post(pool, [&] {
            addrinfo hints{};
            hints.ai_socktype = SOCK_STREAM;
            addrinfo* got = nullptr;
            if (::getaddrinfo(name.c_str(), nullptr, &hints, &got) == 0) {
                ++found;
                ::freeaddrinfo(got);
            }
        });
    pool.join();
    return found;
}

template <class Way>
double timed(Way&& look_up, std::size_t many)
{
    auto const names = fresh_names(many);
    auto const began = stopwatch::now();
    auto const found = look_up(names);
    std::chrono::duration<double, std::milli> const took = stopwatch::now() - began;
    if (found != many)
        throw std::runtime_error{fmt::format("{} of {} names were not found", many - found, many)};
    return took.count();
}

template <class Way>
void measure(Way&& look_up, std::size_t many)
{
    auto const one = timed(look_up, 1);
    auto const before = bench::cpu_used();
    auto const all = timed(look_up, many);
    std::chrono::duration<double, std::milli> const cpu = bench::cpu_used() - before;
    fmt::print("{{\"one_ms\":{:.2f},\"all_ms\":{:.2f},\"cpu_ms\":{:.2f}}}\n", one, all, cpu.count());
}

} // namespace

int main(int argc, char** argv)
try {
    std::size_t many = 200;
    std::string how = "ours";
    std::string server;
    CLI::App options{"How long many cold names take"};
    options.add_option("--names", many, "names");
    options.add_option("--how", how, "who looks them up")->check(CLI::IsMember({"ours", "asio", "threads"}));
    options.add_option("--server", server, "of our resolver, in place of those in /etc/resolv.conf");
    CLI11_PARSE(options, argc, argv);
    if (how == "asio")
        measure(by_asio, many);
    else if (how == "threads")
        measure(by_threads, many);
    else
        measure(our_resolver{server}, many);
}
catch (std::exception const& e) {
    fmt::print(stderr, "checkwatches-names: {}\n", e.what());
    return 1;
}
