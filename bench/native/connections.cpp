// What connections cost that are kept and idle: sends one GET to each URL of the standard input, so many at a
// time that each has a connection of its own, and prints what was resident after the first and after all.
//
//   checkwatches-connections [--how ours|asio] [--ca FILE] <URLS
//
// "asio" is asio::ssl::stream and nothing else: no HTTP client, one buffer for all.
#include "engine/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include "asio_connections.hpp"

namespace {

using namespace checkwatches;

constexpr std::size_t at_once = 64;

double resident_bytes()
{
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void run(asio::io_context& loop, std::size_t& left)
{
    loop.restart();
    while (left != 0)
        loop.run_one();
}

class our_connections {
public:
    our_connections(std::string const& ca, std::size_t count) : client_{loop_.get_executor(), make(ca, count)}
    {}

    void open(std::span<web_url const> to)
    {
        auto left = to.size();
        for (auto const& url : to)
            asio::co_spawn(loop_, get(url), [&](std::exception_ptr e) {
                if (e)
                    std::rethrow_exception(e);
                --left;
            });
        run(loop_, left);
    }

    std::size_t count() const { return client_.counters().connections; }

private:
    static net::settings make(std::string const& ca, std::size_t count)
    {
        net::settings s;
        s.ca_file = ca;
        s.budget.connections = at_once;
        s.most_idle_connections = count;
        s.keep_alive = std::chrono::minutes{10};
        return s;
    }

    awaitable<void> get(web_url url)
    {
        net::cookie_jar session;
        net::request rq{.url = std::move(url)};
        auto const got = co_await client_.send(rq, session);
        if (!got)
            throw std::runtime_error{to_string(got.error())};
        if (got->status != 200)
            throw std::runtime_error{fmt::format("answered with status {}", got->status)};
    }

    asio::io_context loop_{1};
    net::http_client client_;
};

template <class Connections>
void measure(Connections&& all, std::span<web_url const> urls)
{
    all.open(urls.first(1));
    auto const before = resident_bytes();
    for (auto rest = urls.subspan(1); !rest.empty(); rest = rest.subspan(std::min(at_once, rest.size())))
        all.open(rest.first(std::min(at_once, rest.size())));
    if (all.count() != urls.size())
        throw std::runtime_error{fmt::format("{} connections for {} URLs", all.count(), urls.size())};
    fmt::print(
        "{{\"connections\":{},\"first\":{:.0f},\"all\":{:.0f}}}\n", urls.size(), before, resident_bytes());
}

} // namespace

int main(int argc, char** argv)
try {
    std::string how = "ours";
    std::string ca;
    CLI::App options{"What idle connections cost"};
    options.add_option("--how", how, "whose connections")->check(CLI::IsMember({"ours", "asio"}));
    options.add_option("--ca", ca, "certificates of the authorities that are trusted");
    CLI11_PARSE(options, argc, argv);
    std::vector<web_url> urls;
    for (std::string line; std::getline(std::cin, line);)
        urls.push_back(parse_url(line).value());
    if (how == "ours")
        measure(our_connections{ca, urls.size()}, urls);
    else
        measure(asio_connections{ca}, urls);
}
catch (std::exception const& e) {
    fmt::print(stderr, "checkwatches-connections: {}\n", e.what());
    return 1;
}
