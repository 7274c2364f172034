// The HTTP client under load: so many coroutines send one GET after the other, together so many requests,
// over kept connections or a new one for each. Each has one of the URLs, in turns. With --parse the answers
// are read as a look reads them, by Bugzilla's adapter.
//
//   checkwatches-client-load --connections 200 --requests 100000 http://127.0.0.1:PORT/small
//
// prints {"requests":…,"bugs":…,"cpu_s":…,"wall_s":…,"connections":…,"resumed":…,"reads":…}
#include "adapters/bugzilla/protocol.hpp"
#include "engine/net/http_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "cpu_used.hpp"

namespace {

using namespace checkwatches;

struct arguments {
    std::vector<std::string> urls{};
    std::size_t connections = 200;
    std::size_t requests = 10'000;
    std::string parse{"none"};
    std::string connection{"kept"};
    std::string ca{};
    int bugs = 100;
};

// Reads answers as a look does.
class reader {
public:
    reader(std::string const& word, int count) : how_{adapters::bugzilla::find_protocol(word)}
    {
        can_.version = "5.0.4";
        for (int id = 21; id != 21 + count; ++id) // those of the responder
            ids_.push_back(std::to_string(id));
    }

    void read(net::response&& got)
    {
        if (how_ == nullptr)
            return;
        adapters::reply answer{
            .status = got.status, .headers = std::move(got.headers), .body = std::move(got.body)};
        adapters::bugzilla::place const where{.root = root_, .can = can_};
        adapters::ledger book{ids_};
        if (auto const e = how_->read(where, answer, ids_, book))
            throw std::runtime_error{to_string(*e)};
        for (auto const& one : std::move(book).close().found)
            bugs += std::holds_alternative<sighting>(one.what) ? 1 : 0;
    }

    std::size_t bugs = 0;

private:
    adapters::bugzilla::protocol const* how_;
    web_url root_{};
    capabilities can_{};
    std::vector<std::string> ids_;
};

struct work {
    net::http_client& over;
    reader& read;
    std::size_t left;
};

awaitable<void> ask(work& all, web_url url)
{
    net::cookie_jar session;
    while (all.left != 0) {
        --all.left;
        net::request rq{.url = url};
        rq.headers.emplace_back("Accept", "application/json");
        auto got = co_await all.over.send(rq, session);
        if (!got)
            throw std::runtime_error{to_string(got.error())};
        if (got->status != 200)
            throw std::runtime_error{fmt::format("answered with status {}", got->status)};
        all.read.read(std::move(*got));
    }
}

void run(arguments const& given)
{
    net::settings how;
    how.ca_file = given.ca;
    how.budget.connections = given.connections;
    how.most_idle_connections = given.connection == "kept" ? given.connections : 0;

    asio::io_context loop{1};
    net::http_client client{loop.get_executor(), how};
    reader read{given.parse, given.bugs};
    work all{.over = client, .read = read, .left = given.requests};

    auto const began = std::chrono::steady_clock::now();
    auto const used = bench::cpu_used();
    std::size_t busy = given.connections;
    for (std::size_t i = 0; i != given.connections; ++i)
        asio::co_spawn(
            loop, ask(all, parse_url(given.urls[i % given.urls.size()]).value()), [&](std::exception_ptr e) {
                if (e)
                    std::rethrow_exception(e);
                if (--busy == 0)
                    loop.stop(); // its timers would keep it
            });
    loop.run();
    std::chrono::duration<double> const wall = std::chrono::steady_clock::now() - began;
    auto const& n = client.counters();
    fmt::print(
        "{{\"requests\":{},\"bugs\":{},\"cpu_s\":{:.6f},\"wall_s\":{:.6f},\"connections\":{},\"resumed\":{},"
        "\"reads\":{}}}\n",
        n.requests,
        read.bugs,
        (bench::cpu_used() - used).count(),
        wall.count(),
        n.connections,
        n.resumed,
        n.reads);
}

} // namespace

int main(int argc, char** argv)
{
    arguments given;
    CLI::App options{"The HTTP client under load"};
    options.add_option("URL", given.urls, "what is asked for")->required();
    options.add_option("--connections", given.connections, "requests at a time")
        ->check(CLI::Range(1, 50'000));
    options.add_option("--requests", given.requests, "of all together");
    options.add_option("--parse", given.parse, "what reads the answers")
        ->check(CLI::IsMember({"none", "rest", "xmlrpc"}));
    options.add_option("--bugs", given.bugs, "how many an answer is about")->check(CLI::Range(1, 100));
    options.add_option("--connection", given.connection, "for each request")
        ->check(CLI::IsMember({"kept", "new"}));
    options.add_option("--ca", given.ca, "certificates of the authorities that are trusted");
    CLI11_PARSE(options, argc, argv);
    try {
        run(given);
    }
    catch (std::exception const& e) {
        fmt::print(stderr, "checkwatches-client-load: {}\n", e.what());
        return 1;
    }
    return 0;
}
